@NullMarked
package dev.dunlin.e2e.bench.traffic;

import org.jspecify.annotations.NullMarked;
