package dev.dunlin.operator.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The readings of one app from all its nodes. Not safe for threads. Times are of a clock that only
 * goes on, in nanoseconds.
 */
final class AppWindow {
  private record Place(String node, String revision) {}

  private final Duration window;
  private final Map<Place, Series> series = new HashMap<>();

  /** When each node was last read. */
  private final Map<String, Long> read = new HashMap<>();

  private List<Double> bounds = List.of();

  AppWindow(Duration window) {
    this.window = window;
  }

  /**
   * What a node has of the app now. A revision that was not there at the reading before had counted
   * nothing then; one that is there no more has nothing now.
   */
  void add(String node, long nanos, Collection<Reading> found, List<Double> latencyBounds) {
    bounds = latencyBounds;
    Optional<Long> before = Optional.ofNullable(read.put(node, nanos));
    for (Reading reading : found) {
      var place = new Place(node, reading.revision());
      var known = series.get(place);
      if (known == null) {
        known = new Series();
        if (before.isPresent()) known.add(before.get(), reading.nothing(), window);
        series.put(place, known);
      }
      known.add(nanos, reading, window);
    }
    series
        .entrySet()
        .removeIf(it ->
            it.getKey().node().equals(node)
                && it.getValue().latestNanos() < nanos
                && it.getValue().latestNanos() <= nanos - window.toNanos());
  }

  /** Nodes that could not be read for a window count for nothing. */
  void forgetSilent(long nanos) {
    read.values().removeIf(at -> at <= nanos - window.toNanos());
    series.keySet().removeIf(place -> !read.containsKey(place.node()));
  }

  /** Of all revisions together; empty where nothing is known. */
  Optional<Figures> figures(long nanos) {
    if (series.isEmpty()) return Optional.empty();
    var sum = new Sum();
    series.forEach((place, one) -> sum.add(one, read.getOrDefault(place.node(), nanos), nanos));
    return Optional.of(sum.figures(nanos));
  }

  /** Of one revision, counting from a time on. */
  Increase since(String revision, long nanos) {
    return series.entrySet().stream()
        .filter(it -> it.getKey().revision().equals(revision))
        .map(it -> it.getValue().increaseSince(nanos))
        .reduce(Increase.NONE, Increase::plus);
  }

  /** The p95 of answers that were counted; empty without answers. */
  OptionalDouble latencyP95(Increase increase) {
    return Latency.quantile(0.95, bounds, increase.latency());
  }

  private final class Sum {
    private double perSecond;
    private double cores;
    private double concurrent;
    private double memory;
    private Increase increase = Increase.NONE;
    private long longest;
    private long newest = Long.MIN_VALUE;

    /**
     * A series that its node has no more goes on counting for what it had in the window, and less
     * and less as that moves on.
     */
    void add(Series one, long lastRead, long now) {
      long from = now - window.toNanos();
      Increase grown = one.increaseSince(from);
      increase = increase.plus(grown);
      newest = Math.max(newest, lastRead);
      long span = lastRead - one.baseline(from);
      longest = Math.max(longest, span);
      if (span > 0) {
        perSecond += grown.requests() / (span / 1e9);
        cores += grown.cpuSeconds() / (span / 1e9);
      }
      if (one.latestNanos() >= lastRead) {
        concurrent += one.latest().inFlight();
        memory += one.latest().memoryBytes();
      }
    }

    Figures figures(long now) {
      long requests = increase.requests();
      return new Figures(
          Duration.ofNanos(longest),
          Duration.ofNanos(now - newest),
          perSecond,
          concurrent,
          cores,
          memory,
          requests == 0
              ? OptionalDouble.empty()
              : OptionalDouble.of((double) increase.errors() / requests),
          latencyP95(increase),
          requests);
    }
  }
}
