package dev.dunlin.agent.traffic;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The requests of all apps of an agent. A revision that leaves takes its numbers along: who reads
 * them takes a number that has fallen for a new beginning.
 */
public final class Traffic {
  private record Key(String namespace, String app, String revision) {}

  private final ConcurrentMap<Key, RevisionTraffic> revisions = new ConcurrentHashMap<>();

  /** That of one revision; begins at 0. */
  public RevisionTraffic of(String namespace, String app, String revision) {
    return revisions.computeIfAbsent(new Key(namespace, app, revision), _ -> new RevisionTraffic());
  }

  /** The revision has no instance here any more. */
  public void forget(String namespace, String app, String revision) {
    revisions.remove(new Key(namespace, app, revision));
  }

  /** Upper bounds of {@link TrafficReading#latency}, in seconds. */
  public List<Double> latencyBounds() {
    return RevisionTraffic.bounds();
  }

  /** How all are now. */
  public List<TrafficReading> read() {
    return revisions.entrySet().stream()
        .map(it ->
            it.getValue().read(it.getKey().namespace(), it.getKey().app(), it.getKey().revision()))
        .toList();
  }
}
