package dev.dunlin.agent.http;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Shares the requests of one port out by weight: of any run of requests each revision has its share
 * to within one (smooth weighted round robin), so that few requests are split as exactly as many.
 */
final class Split {
  /** How far each is behind its share, in weights; guarded by itself. */
  private final Map<String, Long> behind = new HashMap<>();

  /**
   * Who is next.
   *
   * @param weights by revision, none negative; the last one is taken where all are 0
   * @throws java.util.NoSuchElementException when there is none
   */
  String next(NavigableMap<String, Integer> weights) {
    long total = weights.values().stream().mapToLong(Integer::longValue).sum();
    if (total == 0) {
      return weights.lastKey();
    }
    synchronized (behind) {
      behind.keySet().retainAll(weights.keySet());
      weights.forEach((revision, weight) -> behind.merge(revision, (long) weight, Long::sum));
      String next = weights.firstKey();
      for (String revision : weights.keySet()) {
        next = behind(revision) > behind(next) ? revision : next;
      }
      behind.merge(next, -total, Long::sum);
      return next;
    }
  }

  private long behind(String revision) {
    return behind.getOrDefault(revision, 0L);
  }
}
