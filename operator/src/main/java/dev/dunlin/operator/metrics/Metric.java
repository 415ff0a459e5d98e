package dev.dunlin.operator.metrics;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What can be asked of an app.
 *
 * @param overWindow whether it is worked out from two readings; else it is the last one's
 */
record Metric(String name, boolean overWindow, ToDoubleFunction<Figures> value) {
  static final List<Metric> ALL =
      List.of(
          new Metric("requests_per_second", true, Figures::requestsPerSecond),
          new Metric("concurrent_requests", false, Figures::concurrentRequests),
          new Metric("cpu_cores", true, Figures::cpuCores),
          new Metric("memory_bytes", false, Figures::memoryBytes),
          new Metric(
              "request_latency_p95_seconds",
              true,
              figures -> figures.latencyP95Seconds().orElse(0)),
          new Metric("error_ratio", true, figures -> figures.errorRatio().orElse(0)));

  static Optional<Metric> of(String name) {
    return ALL.stream().filter(it -> it.name().equals(name)).findFirst();
  }

  boolean isKnown(Figures figures) {
    return !overWindow || figures.hasRates();
  }
}
