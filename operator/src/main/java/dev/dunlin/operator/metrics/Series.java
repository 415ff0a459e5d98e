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

  /** A newer reading; those that the window does not need any more are dropped. */
  void add(long nanos, Reading reading, Duration window) {
    readings.addLast(new At(nanos, reading));
    while (readings.size() > 2 && second().nanos() <= nanos - window.toNanos())
      readings.removeFirst();
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

  /** When it was read last before that time or at it; when it was read first, if never. */
  long baseline(long nanos) {
    long found = readings.getFirst().nanos();
    for (At at : readings) if (at.nanos() <= nanos) found = at.nanos();
    return found;
  }

  private At second() {
    var each = readings.iterator();
    each.next();
    return each.next();
  }
}
