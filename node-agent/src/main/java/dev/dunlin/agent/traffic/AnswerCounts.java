package dev.dunlin.agent.traffic;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts the answers of one class of status by how long they took. */
final class AnswerCounts {
  /** Upper bounds of the buckets, in nanoseconds; one more has what is above. */
  private static final long[] BOUNDS =
      Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
          .mapToLong(TimeUnit.MILLISECONDS::toNanos)
          .toArray();

  private final LongAdder[] byLatency =
      Stream.generate(LongAdder::new).limit(BOUNDS.length + 1).toArray(LongAdder[]::new);
  private final LongAdder allNanos = new LongAdder();

  void add(long nanos) {
    int bucket = Arrays.binarySearch(BOUNDS, nanos);
    byLatency[bucket < 0 ? -bucket - 1 : bucket].increment();
    allNanos.add(nanos);
  }

  Answers read() {
    return new Answers(Arrays.stream(byLatency).map(LongAdder::sum).toList(), allNanos.sum() / 1e9);
  }

  /** Upper bounds of {@link Answers#latency}, in seconds. */
  static List<Double> bounds() {
    return Arrays.stream(BOUNDS).mapToObj(nanos -> nanos / 1e9).toList();
  }
}
