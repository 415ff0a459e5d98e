package dev.dunlin.agent.http;

import java.util.HashMap;
import java.util.Map;

/**
 * Shares a bounded number of things out. Whoever has less than what is left may have one more: one
 * alone comes to a half, two to a third each, and a newcomer always finds some (a dynamic
 * threshold, as switches have it for their packets: Choudhury and Hahne, 1998). Guarded by its
 * owner.
 */
final class Shares<K> {
  private final int most;
  private final Map<K, Integer> held = new HashMap<>();
  private int taken;

  Shares(int most) {
    this.most = most;
  }

  boolean mayTake(K who) {
    return held(who) < most - taken;
  }

  boolean take(K who) {
    if (!mayTake(who)) {
      return false;
    }
    held.merge(who, 1, Integer::sum);
    taken++;
    return true;
  }

  /** Gives one back that had been taken. */
  void give(K who) {
    held.computeIfPresent(who, (_, count) -> count == 1 ? null : count - 1);
    taken--;
  }

  int held(K who) {
    return held.getOrDefault(who, 0);
  }
}
