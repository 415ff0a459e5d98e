package dev.dunlin.operator.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one app from all its nodes. Not safe for threads. Times are of a clock that only
 * goes on, in nanoseconds.
 */
final class AppWindow {
  private static final int MOST_COUNTED = 4;

  private record Place(String node, String revision) {}

  private final Duration window;
  private final Map<Place, Series> series = new HashMap<>();

  /** When each node was last read. */
  private final Map<String, Long> read = new HashMap<>();

  /** By revision: what has been asked for from a time on; the latest few. */
  private final Map<String, Count> counted =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST_COUNTED;
        }
      };

  private Set<String> nodes = Set.of();
  private @Nullable Long placedAt;
  private @Nullable Long began;
  private List<Double> bounds = List.of();

  AppWindow(Duration window) {
    this.window = window;
  }

  /**
   * Where the app has instances now: told again and again. A node that it has left has nothing now.
   *
   * @param fresh nodes that had none when this was told before, and so had counted nothing then
   */
  void placed(Set<String> now, Set<String> fresh, long nanos) {
    if (placedAt != null)
      for (String node : fresh) if (!nodes.contains(node)) read.putIfAbsent(node, placedAt);
    nodes = Set.copyOf(now);
    placedAt = nanos;
    for (String node : List.copyOf(read.keySet()))
      if (!nodes.contains(node)) {
        record(node, nanos, List.of());
        if (series.keySet().stream().noneMatch(place -> place.node().equals(node)))
          read.remove(node);
      }
  }

  /** Where it has instances, as far as is known. */
  Set<String> nodes() {
    return nodes;
  }

  /** Whether it has been said where it is. */
  boolean isPlaced() {
    return placedAt != null;
  }

  /**
   * What a node has of the app now. A revision that was not there at the reading before had counted
   * nothing then; one that is there no more has nothing now. A node that it has left is not heard.
   */
  void add(String node, long nanos, Collection<Reading> found, List<Double> latencyBounds) {
    if (!nodes.contains(node)) return;
    if (bounds.isEmpty()) bounds = latencyBounds;
    record(
        node,
        nanos,
        found.stream()
            .map(it -> it.withLatency(Latency.onto(bounds, latencyBounds, it.latency())))
            .toList());
  }

  private void record(String node, long nanos, Collection<Reading> found) {
    Optional<Long> before = Optional.ofNullable(read.put(node, nanos));
    if (began == null) began = before.orElse(nanos);
    for (Reading reading : found) {
      var place = new Place(node, reading.revision());
      var known = series.get(place);
      if (known == null) {
        known = new Series(before.isPresent());
        if (before.isPresent()) known.add(before.get(), reading.nothing(), window);
        series.put(place, known);
      }
      var grown = known.add(nanos, reading, window);
      counted.computeIfPresent(reading.revision(), (revision, count) -> count.plus(grown));
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
    if (series.isEmpty() && read.isEmpty()) began = null;
  }

  /** Of all revisions together; empty where nothing is known. */
  Optional<Figures> figures(long nanos) {
    if (series.isEmpty()) return Optional.empty();
    var sum = new Sum(nanos);
    series.forEach((place, one) -> sum.add(one, read.getOrDefault(place.node(), nanos)));
    return Optional.of(sum.figures());
  }

  /**
   * What a revision has answered since a time; from the first question with that time on nothing is
   * forgotten, however long ago that is.
   *
   * @param time names the question
   * @param nanos that time by the clock of the readings
   */
  Answered since(String revision, Instant time, long nanos) {
    @Nullable Count known = counted.get(revision);
    if (known == null || !known.since().equals(time)) {
      known = new Count(time, grown(revision, nanos));
      counted.remove(revision);
      counted.put(revision, known);
    }
    var increase = known.increase();
    return new Answered(
        increase.requests(),
        increase.errors(),
        Latency.quantile(0.95, bounds, increase.latency()),
        isReadSince(nanos));
  }

  private boolean isReadSince(long nanos) {
    return !nodes.isEmpty()
        && nodes.stream().map(read::get).allMatch(latest -> latest != null && latest - nanos >= 0);
  }

  private Increase grown(String revision, long nanos) {
    return series.entrySet().stream()
        .filter(it -> it.getKey().revision().equals(revision))
        .map(it -> it.getValue().increaseSince(nanos))
        .reduce(Increase.NONE, Increase::plus);
  }

  private record Count(Instant since, Increase increase) {
    Count plus(Increase more) {
      return new Count(since, increase.plus(more));
    }
  }

  private final class Sum {
    private final long now;
    private final long from;
    private double perSecond;
    private double cores;
    private double concurrent;
    private double memory;
    private Increase increase = Increase.NONE;
    private long longest;
    private long newest = Long.MIN_VALUE;

    Sum(long now) {
      this.now = now;
      long start = now - window.toNanos();
      this.from = began == null ? start : Math.max(start, began);
    }

    /**
     * A series that its node has no more goes on counting for what it had in the window, and less
     * and less as that moves on.
     */
    void add(Series one, long lastRead) {
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

    Figures figures() {
      long requests = increase.requests();
      return new Figures(
          Duration.ofNanos(longest),
          Duration.ofNanos(now - newest),
          nodes.size(),
          (int) nodes.stream().filter(node -> !read.containsKey(node)).count(),
          perSecond,
          concurrent,
          cores,
          memory,
          requests == 0
              ? OptionalDouble.empty()
              : OptionalDouble.of((double) increase.errors() / requests),
          Latency.quantile(0.95, bounds, increase.latency()),
          requests);
    }
  }
}
