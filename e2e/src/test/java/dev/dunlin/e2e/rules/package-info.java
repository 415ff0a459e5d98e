/** What ARCHITECTURE.md promises about the sources, checked. */
@NullMarked
package dev.dunlin.e2e.rules;

import org.jspecify.annotations.NullMarked;
