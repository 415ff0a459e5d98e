package dev.dunlin.agent.cpu;

import java.time.Duration;

/**
 * How far an app is within its CPU limit: a quota for each period of 100 ms (as Linux' CFS has it),
 * which is not saved up; what was used beyond it is paid back out of the next periods. Pure but for
 * its own numbers; not thread-safe: its owner locks. Times are those of System.nanoTime.
 */
final class CpuQuota {
  static final Duration PERIOD = Duration.ofMillis(100);

  private static final long PERIOD_NANOS = PERIOD.toNanos();

  private final long quotaNanos;
  private final long begunNanos;
  private long periods;
  private long balanceNanos;
  private long countedNanos;

  /** What was begun in this period and has not been charged yet, as far as can be known. */
  private long plannedNanos;

  /**
   * @param milliCores 1,000 is one processor
   */
  CpuQuota(long milliCores, long nowNanos) {
    if (milliCores < 1) {
      throw new IllegalArgumentException("expected 1m or more of a processor, found " + milliCores);
    }
    this.quotaNanos = Math.multiplyExact(milliCores, PERIOD_NANOS / 1_000);
    this.begunNanos = nowNanos;
    this.balanceNanos = quotaNanos;
  }

  /** Charges what of {@code totalNanos} has not been charged yet. */
  void used(long totalNanos, long nowNanos) {
    refill(nowNanos);
    if (totalNanos > countedNanos) {
      long more = totalNanos - countedNanos;
      balanceNanos -= more;
      plannedNanos = Math.max(0, plannedNanos - more);
      countedNanos = totalNanos;
    }
  }

  /** Something begins that will use about so much. */
  void begin(long estimateNanos, long nowNanos) {
    refill(nowNanos);
    plannedNanos += estimateNanos;
  }

  /** For how long it has to wait; 0: something may begin. */
  long waitNanos(long nowNanos) {
    refill(nowNanos);
    if (balanceNanos > plannedNanos) {
      return 0;
    }
    long owed = Math.max(0, -balanceNanos);
    return begunNanos + (periods + owed / quotaNanos + 1) * PERIOD_NANOS - nowNanos;
  }

  private void refill(long nowNanos) {
    long now = (nowNanos - begunNanos) / PERIOD_NANOS;
    long passed = now - periods;
    if (passed <= 0) {
      return;
    }
    periods = now;
    plannedNanos = 0;
    balanceNanos =
        passed > (quotaNanos - balanceNanos) / quotaNanos
            ? quotaNanos
            : balanceNanos + passed * quotaNanos;
  }
}
