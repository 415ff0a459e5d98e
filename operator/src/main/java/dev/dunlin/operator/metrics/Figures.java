package dev.dunlin.operator.metrics;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What an app does, over a window.
 *
 * @param window how long was looked at; zero where nothing could be compared yet
 * @param age of the newest reading in it
 * @param nodes that have instances of the app
 * @param silent of these nodes, those whose agent has not been read, or not for a window: they
 *     count for nothing here
 * @param concurrentRequests waiting or worked on, at the last reading
 * @param errorRatio of 5xx answers, from 0 to 1; empty without answers
 * @param latencyP95Seconds empty without answers
 */
public record Figures(
    Duration window,
    Duration age,
    int nodes,
    int silent,
    double requestsPerSecond,
    double concurrentRequests,
    double cpuCores,
    double memoryBytes,
    OptionalDouble errorRatio,
    OptionalDouble latencyP95Seconds,
    long requests) {

  /** Whether readings could be compared: without that there are no rates. */
  public boolean hasRates() {
    return window.isPositive();
  }
}
