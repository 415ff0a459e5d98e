package dev.dunlin.e2e.bench.failover;

import java.util.List;

/**
 * What clients saw of one change, in all of its rounds.
 *
 * @param key as in {@code failover.json}, after {@code lost_in_}
 * @param seconds how long the longest round took, until the change was everywhere
 * @param misses the first few of what was lost
 */
record Change(
    String key,
    String what,
    int rounds,
    long answered,
    long lost,
    double seconds,
    List<String> misses) {
  Change {
    misses = List.copyOf(misses);
  }
}
