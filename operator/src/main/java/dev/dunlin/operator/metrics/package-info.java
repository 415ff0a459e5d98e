/**
 * What apps do, from what their agents count: read now and then, kept for a window, and worked out
 * as rates. Shared by the metrics API, the autoscaler's way to zero, and canaries.
 */
@NullMarked
package dev.dunlin.operator.metrics;

import org.jspecify.annotations.NullMarked;
