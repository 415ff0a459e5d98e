/** What {@code make bench-engine} (bench/engine) asks of our engines: a process for each series. */
@NullMarked
package dev.dunlin.e2e.bench.engine;

import org.jspecify.annotations.NullMarked;
