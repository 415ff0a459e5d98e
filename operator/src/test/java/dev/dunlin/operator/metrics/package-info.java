/** What apps do, by what agents say, and how it is told. */
@NullMarked
package dev.dunlin.operator.metrics;

import org.jspecify.annotations.NullMarked;
