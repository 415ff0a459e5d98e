package dev.dunlin.agent.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long nothing has been heard of this agent, by either clock: the monotonic one stands still
 * while a machine sleeps, the other may be set. Not thread-safe: it belongs to the thread that
 * renews the Lease.
 */
final class Silence {
  private final Duration longest;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private @Nullable Instant last;
  private long lastNanos;

  Silence(Duration longest, Clock clock, LongSupplier nanoTime) {
    this.longest = longest;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Something has been heard of it. */
  void end() {
    last = clock.instant();
    lastNanos = nanoTime.getAsLong();
  }

  /** Whether it was heard of once, and then for too long not any more. */
  boolean isLong() {
    Instant heard = last;
    if (heard == null) {
      return false;
    }
    Duration byWall = Duration.between(heard, clock.instant()).abs();
    Duration byNanos = Duration.ofNanos(nanoTime.getAsLong() - lastNanos);
    return byWall.compareTo(longest) > 0 || byNanos.compareTo(longest) > 0;
  }
}
