package dev.dunlin.operator.app;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Lets a status that is only on its way to the next one wait a moment, so that an app which is soon
 * ready costs one write and not three. The more apps are on their way, the longer: then each write
 * keeps another app waiting.
 */
final class Patience {
  private static final Duration ALONE = Duration.ofSeconds(1);
  private static final Duration PER_APP = Duration.ofMillis(60);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int FORGETTING_FROM = 1000;

  private final LongSupplier nanoTime;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>(); // by the app's uid
  private volatile int forgetFrom = FORGETTING_FROM;

  /** Who came when many were on their way is patient still when few are left: it is one of them. */
  private record Waiting(long since, Duration whole) {
    Waiting atLeast(Duration other) {
      return whole.compareTo(other) < 0 ? new Waiting(since, other) : this;
    }
  }

  Patience(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long the status of that app is still to wait; empty when it is to be written. */
  Optional<Duration> left(String uid, AppStatus status) {
    if (!status.isOnTheWay()) {
      waiting.remove(uid);
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    var whole = whole(now);
    var entry =
        waiting.compute(
            uid, (id, known) -> known == null ? new Waiting(now, whole) : known.atLeast(whole));
    var left = entry.whole().minusNanos(now - entry.since());
    if (left.isPositive()) return Optional.of(left);
    waiting.remove(uid);
    return Optional.empty();
  }

  /** An app that is deleted on its way is no more on it. */
  private Duration whole(long now) {
    int apps = waiting.size();
    if (apps > forgetFrom) {
      long longest = LONGEST.multipliedBy(2).toNanos();
      waiting.values().removeIf(it -> now - it.since() > longest);
      forgetFrom = Math.max(FORGETTING_FROM, 2 * waiting.size());
    }
    var whole = ALONE.plus(PER_APP.multipliedBy(apps));
    return whole.compareTo(LONGEST) < 0 ? whole : LONGEST;
  }
}
