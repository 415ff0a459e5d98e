/** What is exported, and what speaks of it: the page, the dashboard, the alerts. */
@NullMarked
package dev.dunlin.e2e.metrics;

import org.jspecify.annotations.NullMarked;
