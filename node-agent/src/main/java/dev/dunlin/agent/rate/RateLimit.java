package dev.dunlin.agent.rate;

/** A token bucket. Not thread-safe: its owner locks. Times are those of System.nanoTime. */
public final class RateLimit {
  private final double perSecond;
  private final double burst;
  private double tokens;
  private long lastNanos;

  public RateLimit(double perSecond, double burst, long nowNanos) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.lastNanos = nowNanos;
  }

  /** Whether {@link #take} would take that much. */
  public boolean has(int cost, long nowNanos) {
    tokens = Math.min(burst, tokens + (nowNanos - lastNanos) / 1e9 * perSecond);
    lastNanos = nowNanos;
    return tokens >= cost;
  }

  public boolean take(int cost, long nowNanos) {
    if (!has(cost, nowNanos)) {
      return false;
    }
    tokens -= cost;
    return true;
  }
}
