/** The chart: what it renders, and what a release of it may do on a real API server. */
@NullMarked
package dev.dunlin.e2e.chart;

import org.jspecify.annotations.NullMarked;
