package dev.dunlin.agent.traffic;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The requests of all apps of an agent, by revision. A revision that leaves takes its numbers
 * along: who reads them takes a number that has fallen for a new beginning.
 */
public final class Traffic {
  private record Key(String namespace, String app, String revision) {}

  private record Held(RevisionTraffic traffic, int holders) {}

  private final ConcurrentMap<Key, Held> revisions = new ConcurrentHashMap<>();

  /**
   * That of one revision, for one more who counts there until {@link #leave}; begins at 0 with the
   * first.
   */
  public RevisionTraffic join(String namespace, String app, String revision) {
    return revisions
        .compute(
            new Key(namespace, app, revision),
            (_, held) ->
                held == null
                    ? new Held(new RevisionTraffic(), 1)
                    : new Held(held.traffic(), held.holders() + 1))
        .traffic();
  }

  /** One who has joined counts no more; with the last the revision's numbers go. */
  public void leave(String namespace, String app, String revision) {
    revisions.computeIfPresent(
        new Key(namespace, app, revision),
        (_, held) -> held.holders() == 1 ? null : new Held(held.traffic(), held.holders() - 1));
  }

  /** Upper bounds of {@link Answers#latency}, in seconds. */
  public List<Double> latencyBounds() {
    return AnswerCounts.bounds();
  }

  /** How all are now, with the instances that are here. */
  public List<TrafficReading> read(Collection<Presence> here) {
    var memory = new HashMap<Key, LongSummaryStatistics>();
    for (Presence instance : here) {
      memory
          .computeIfAbsent(
              new Key(instance.namespace(), instance.app(), instance.revision()),
              _ -> new LongSummaryStatistics())
          .accept(instance.memoryBytes());
    }
    var none = new LongSummaryStatistics();
    return revisions.entrySet().stream()
        .map(it -> {
          Key key = it.getKey();
          LongSummaryStatistics of = memory.getOrDefault(key, none);
          return it.getValue()
              .traffic()
              .read(key.namespace(), key.app(), key.revision(), (int) of.getCount(), of.getSum());
        })
        .toList();
  }
}
