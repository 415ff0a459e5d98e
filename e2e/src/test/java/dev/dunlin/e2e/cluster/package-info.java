/** Lets a test run against a real API server, and says so loudly where there is none. */
@NullMarked
package dev.dunlin.e2e.cluster;

import org.jspecify.annotations.NullMarked;
