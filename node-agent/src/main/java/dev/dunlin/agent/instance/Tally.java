package dev.dunlin.agent.instance;

import dev.dunlin.engine.Outbound;
import java.time.Duration;

/**
 * How much of a run's CPU time and outgoing requests has been counted, whoever looks and whenever.
 */
final class Tally {
  // Guarded by this.
  private Duration counted = Duration.ZERO;
  private Outbound sent = Outbound.NONE;

  /** What of {@code total} has not been counted yet; it now is. */
  synchronized Duration count(Duration total) {
    if (total.compareTo(counted) <= 0) {
      return Duration.ZERO;
    }
    Duration more = total.minus(counted);
    counted = total;
    return more;
  }

  /** What of {@code total} has not been counted yet; it now is. */
  synchronized Outbound count(Outbound total) {
    Outbound more = total.since(sent);
    if (!more.counts().isEmpty()) {
      sent = total;
    }
    return more;
  }
}
