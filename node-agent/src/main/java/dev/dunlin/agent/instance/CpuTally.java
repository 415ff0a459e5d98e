package dev.dunlin.agent.instance;

import java.time.Duration;

/** How much of a run's CPU time has been counted, whoever looks and whenever. */
final class CpuTally {
  private Duration counted = Duration.ZERO; // guarded by this

  /** What of {@code total} has not been counted yet; it now is. */
  synchronized Duration count(Duration total) {
    if (total.compareTo(counted) <= 0) {
      return Duration.ZERO;
    }
    Duration more = total.minus(counted);
    counted = total;
    return more;
  }
}
