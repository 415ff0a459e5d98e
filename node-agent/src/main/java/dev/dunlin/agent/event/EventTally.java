package dev.dunlin.agent.event;

import dev.dunlin.agent.rate.RateLimit;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which Events are new, which repeat one that was told, and which are too many. Not thread-safe: it
 * belongs to the thread that writes Events.
 */
final class EventTally {
  /** What client-go allows an object: a burst, then a few an hour. */
  private static final int BURST = 25;

  private static final double PER_SECOND = 1 / 60.0;
  private static final int REMEMBERED = 4_096;

  record Key(String uid, String reason, String message) {}

  /**
   * An Event as it stands at the API server.
   *
   * @param count how often it has happened, this time included
   */
  record Told(String name, int count, Instant first, Instant last) {}

  private final Map<Key, Told> told = new Remembered<>();
  private final Map<String, RateLimit> rates = new Remembered<>();

  /** What is to be written; empty when this object has told too much lately. */
  Optional<Told> count(Key key, String freshName, Instant now, long nowNanos) {
    RateLimit rate =
        rates.computeIfAbsent(key.uid(), uid -> new RateLimit(PER_SECOND, BURST, nowNanos));
    if (!rate.take(1, nowNanos)) {
      return Optional.empty();
    }
    Told before = told.get(key);
    Told after =
        before == null
            ? new Told(freshName, 1, now, now)
            : new Told(before.name(), before.count() + 1, before.first(), now);
    told.put(key, after);
    return Optional.of(after);
  }

  /** The API server has forgotten it: the next one is new. */
  void forget(Key key) {
    told.remove(key);
  }

  private static final class Remembered<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    Remembered() {
      super(64, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > REMEMBERED;
    }
  }
}
