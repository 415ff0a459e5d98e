/** Requests, wake, apply, neighbours and density of one agent, beside others (bench/traffic). */
@NullMarked
package dev.dunlin.e2e.bench.traffic;

import org.jspecify.annotations.NullMarked;
