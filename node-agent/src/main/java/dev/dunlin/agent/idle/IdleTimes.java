package dev.dunlin.agent.idle;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long an http app's instance goes without a request before it gives back what it has. Pure.
 *
 * @param sleepAfter its guest instances; empty: never, nor its code
 * @param forgetAfter its code's memory, in all; empty: never
 */
public record IdleTimes(Optional<Duration> sleepAfter, Optional<Duration> forgetAfter) {
  /** Five minutes, ten minutes. */
  public static final IdleTimes DEFAULT = ofSeconds(300, 600);

  /** Who has never been asked is not missed; but whoever deploys an app may well try it. */
  private static final Duration NEVER_ASKED = Duration.ofMinutes(1);

  /**
   * As an agent's flags have it.
   *
   * @param sleepAfter 0: never
   * @param forgetAfter 0: never
   */
  public static IdleTimes ofSeconds(int sleepAfter, int forgetAfter) {
    return new IdleTimes(seconds(sleepAfter), seconds(forgetAfter));
  }

  private static Optional<Duration> seconds(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("expected 0 seconds or more, found " + count);
    }
    return count == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(count));
  }

  /** For an instance whose spec says so. */
  public IdleTimes with(@Nullable Integer idleAfterSeconds) {
    return idleAfterSeconds == null ? this : new IdleTimes(seconds(idleAfterSeconds), forgetAfter);
  }

  /** Whether an instance that has not been asked for so long counts as idle. */
  public boolean isIdle(Duration unused) {
    return isOver(sleepAfter, unused);
  }

  /**
   * What an instance is to have given back that has not been asked for so long.
   *
   * @param asked whether there ever was a request
   */
  public Rest after(Duration unused, boolean asked) {
    if (sleepAfter.isEmpty()) {
      return Rest.AWAKE;
    }
    if (!asked && unused.compareTo(NEVER_ASKED) >= 0) {
      return forgetAfter.isPresent() ? Rest.FORGOTTEN : Rest.ASLEEP;
    }
    if (!isOver(sleepAfter, unused)) {
      return Rest.AWAKE;
    }
    return isOver(forgetAfter, unused) ? Rest.FORGOTTEN : Rest.ASLEEP;
  }

  private static boolean isOver(Optional<Duration> limit, Duration unused) {
    return limit.isPresent() && unused.compareTo(limit.get()) >= 0;
  }
}
