package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import java.util.List;

/**
 * How a plan's instances found places.
 *
 * @param missing how many found none
 * @param reason why, for a condition
 * @param why the same in words
 * @param victims instances of other apps that have to go for those that did
 */
record Seating(int missing, String reason, String why, List<Instance> victims) {
  static final Seating NONE = new Seating(0, "", "", List.of());

  Seating {
    victims = List.copyOf(victims);
  }

  /** The same with some more that found none. */
  Seating lacking(int more, String newReason, String words) {
    return new Seating(missing + more, newReason, words, victims);
  }

  Seating with(List<Instance> others) {
    return new Seating(missing, reason, why, others);
  }
}
