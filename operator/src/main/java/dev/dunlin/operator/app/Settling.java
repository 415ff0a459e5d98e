package dev.dunlin.operator.app;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a template wait that follows another one within a second, so that of many changes in a row
 * the first and the last are rolled out and none between. Only in memory: who starts anew lets none
 * wait.
 *
 * <p>The map is guarded by this object's lock.
 */
public final class Settling {
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final int FORGETTING_FROM = 1000;

  private final LongSupplier nanoTime;
  private final Map<String, Begun> begun = new HashMap<>(); // by the app's uid
  private int forgetFrom = FORGETTING_FROM;

  private record Begun(String template, long at) {}

  public Settling(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How long that template of an app has still to wait; empty: it is its turn. */
  synchronized Optional<Duration> left(String uid, String template) {
    long now = nanoTime.getAsLong();
    @Nullable Begun before = begun.get(uid);
    if (before != null && before.template().equals(template)) return Optional.empty();
    if (before != null) {
      long left = MOMENT.toNanos() - (now - before.at());
      if (left > 0) return Optional.of(Duration.ofNanos(left));
    }
    begun.put(uid, new Begun(template, now));
    forget(now);
    return Optional.empty();
  }

  private void forget(long now) {
    if (begun.size() <= forgetFrom) return;
    begun.values().removeIf(it -> now - it.at() > MOMENT.toNanos());
    forgetFrom = Math.max(FORGETTING_FROM, 2 * begun.size());
  }
}
