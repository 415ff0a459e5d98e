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
  private static final Duration PER_APP = Duration.ofMillis(40);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final LongSupplier nanoTime;
  private final Map<String, Long> since = new ConcurrentHashMap<>(); // by the app's uid

  Patience(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long the status of that app is still to wait; empty when it is to be written. */
  Optional<Duration> left(String uid, AppStatus status) {
    if (!status.isOnTheWay()) {
      since.remove(uid);
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    long waited = now - since.computeIfAbsent(uid, it -> now);
    var left = whole().minusNanos(waited);
    if (left.isPositive()) return Optional.of(left);
    since.remove(uid);
    return Optional.empty();
  }

  /** An app that is deleted on its way is no more on it. */
  private Duration whole() {
    int apps = since.size();
    if (apps > 1000) {
      long oldest = nanoTime.getAsLong() - LONGEST.multipliedBy(2).toNanos();
      since.values().removeIf(at -> at - oldest < 0);
    }
    var whole = ALONE.plus(PER_APP.multipliedBy(apps));
    return whole.compareTo(LONGEST) < 0 ? whole : LONGEST;
  }
}
