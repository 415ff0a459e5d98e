package dev.dunlin.agent.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** The requests of one revision of an app: counters that only grow, and how many there are now. */
public final class RevisionTraffic {
  /** Upper bounds of the latency's buckets, in nanoseconds; one more has what is above. */
  private static final long[] BOUNDS =
      Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
          .mapToLong(TimeUnit.MILLISECONDS::toNanos)
          .toArray();

  private final LongAdder[] byClass = adders(5);
  private final LongAdder[] byLatency = adders(BOUNDS.length + 1);
  private final LongAdder waitedNanos = new LongAdder();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  /** A request has come; it waits for its turn. */
  public void come() {
    inFlight.incrementAndGet();
    waiting.incrementAndGet();
  }

  /** It has its turn, or does not wait for it any more. */
  public void waited(long nanos) {
    waiting.decrementAndGet();
    waitedNanos.add(nanos);
  }

  /** It is over, whether it was answered or not. */
  public void gone() {
    inFlight.decrementAndGet();
  }

  /**
   * It was answered.
   *
   * @param status of HTTP
   * @param nanos since it came
   */
  public void answered(int status, long nanos) {
    byClass[Math.clamp(status / 100, 1, 5) - 1].increment();
    int bucket = Arrays.binarySearch(BOUNDS, nanos);
    byLatency[bucket < 0 ? -bucket - 1 : bucket].increment();
  }

  /** How it is now. */
  TrafficReading read(String namespace, String app, String revision) {
    return new TrafficReading(
        namespace,
        app,
        revision,
        sums(byClass),
        sums(byLatency),
        waitedNanos.sum() / 1e9,
        inFlight.get(),
        waiting.get());
  }

  /** Upper bounds of {@link TrafficReading#latency}, in seconds. */
  static List<Double> bounds() {
    return Arrays.stream(BOUNDS).mapToObj(nanos -> nanos / 1e9).toList();
  }

  private static List<Long> sums(LongAdder[] adders) {
    var sums = new ArrayList<Long>();
    for (LongAdder adder : adders) {
      sums.add(adder.sum());
    }
    return sums;
  }

  private static LongAdder[] adders(int count) {
    return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
  }
}
