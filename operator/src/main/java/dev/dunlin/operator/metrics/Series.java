package dev.dunlin.operator.metrics;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one revision on one node that lie in the window, and the last one before it.
 * Times are of a clock that only goes on, in nanoseconds.
 */
final class Series {
  private record At(long nanos, Reading reading) {}

  private final Deque<At> readings = new ArrayDeque<>();
  private final boolean fromNothing;

  /**
   * An empty one.
   *
   * @param fromNothing whether it is known that nothing had been counted before its first reading
   */
  Series(boolean fromNothing) {
    this.fromNothing = fromNothing;
  }

  /**
   * A newer reading; those that the window does not need any more are dropped. Gives by how much it
   * has grown since the one before.
   */
  Increase add(long nanos, Reading reading, Duration window) {
    var grown = readings.isEmpty() ? Increase.NONE : Increase.between(latest(), reading);
    readings.addLast(new At(nanos, reading));
    while (readings.size() > 2 && second().nanos() <= nanos - window.toNanos())
      readings.removeFirst();
    return grown;
  }

  /** What it had last. */
  Reading latest() {
    return readings.getLast().reading();
  }

  long latestNanos() {
    return readings.getLast().nanos();
  }

  /** By how much it has grown since the {@link #baseline} of that time. */
  Increase increaseSince(long nanos) {
    Increase sum = Increase.NONE;
    @Nullable At before = null;
    for (At at : readings) {
      if (before != null && at.nanos() > nanos)
        sum = sum.plus(Increase.between(before.reading(), at.reading()));
      before = at;
    }
    return sum;
  }

  /**
   * When it was read last before that time or at it. If it never was: when it was read first, or
   * that time itself where it is known that it had nothing then.
   */
  long baseline(long nanos) {
    long first = readings.getFirst().nanos();
    long found = fromNothing ? Math.min(first, nanos) : first;
    for (At at : readings) if (at.nanos() <= nanos) found = at.nanos();
    return found;
  }

  private At second() {
    var each = readings.iterator();
    each.next();
    return each.next();
  }
}
