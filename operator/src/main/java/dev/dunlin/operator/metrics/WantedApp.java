package dev.dunlin.operator.metrics;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One app that somebody asks about; safe for threads. */
final class WantedApp {
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

  private final long madeAt;
  private final AppWindow window; // guarded by this
  private Instant placedTime = Instant.EPOCH; // guarded by this
  private volatile long askedAt;

  WantedApp(Duration window, long askedAt) {
    this.window = new AppWindow(window);
    this.askedAt = askedAt;
    this.madeAt = askedAt;
  }

  /** Whether it is known of for less than that. */
  boolean isYounger(Duration age, long nanos) {
    return nanos - madeAt < age.toNanos();
  }

  /** Somebody asks. */
  void asked(long nanos) {
    askedAt = nanos;
  }

  long askedAt() {
    return askedAt;
  }

  /**
   * Where it is now, and since when. What a cache tells late is not taken for new, which would
   * count all that it ever did.
   */
  synchronized void placed(Map<String, Instant> nodes, Instant time, long nanos) {
    Instant before = placedTime;
    placedTime = time;
    window.placed(
        nodes.keySet(),
        nodes.entrySet().stream()
            .filter(it -> it.getValue().isAfter(before.minus(CLOCKS_DIFFER)))
            .map(Map.Entry::getKey)
            .collect(toSet()),
        nanos);
    window.forgetSilent(nanos);
  }

  /** Where it is; empty while that has not been said. */
  synchronized Optional<Set<String>> nodes() {
    return window.isPlaced() ? Optional.of(window.nodes()) : Optional.empty();
  }

  synchronized void add(
      String node, long nanos, Collection<Reading> found, List<Double> latencyBounds) {
    window.add(node, nanos, found, latencyBounds);
  }

  synchronized Optional<Figures> figures(long nanos) {
    window.forgetSilent(nanos);
    return window.figures(nanos);
  }

  /** See {@link AppWindow#since}. */
  synchronized Answered since(String revision, Instant time, long nanos) {
    return window.since(revision, time, nanos);
  }
}
