package dev.dunlin.agent.instance;

import java.time.Duration;

/**
 * How long to wait before trying again: {@code base}, doubled for each failure before, up to {@code
 * max}; as kubelet does for images and crashes.
 */
public record Backoff(Duration base, Duration max) {
  /** How long the next wait is; {@code failuresBefore} is 0 for the first. */
  public Duration delay(int failuresBefore) {
    Duration delay = base.multipliedBy(1L << Math.min(Math.max(failuresBefore, 0), 20));
    return delay.compareTo(max) < 0 ? delay : max;
  }
}
