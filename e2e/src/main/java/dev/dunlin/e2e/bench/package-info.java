/** Measurements, side by side in one run: see bench/. */
@NullMarked
package dev.dunlin.e2e.bench;

import org.jspecify.annotations.NullMarked;
