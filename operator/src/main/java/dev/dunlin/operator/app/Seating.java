package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import java.util.List;
import java.util.stream.Stream;

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

  /** Both together; where both lack places, for this one's reason. */
  Seating and(Seating other) {
    var all = Stream.concat(victims.stream(), other.victims.stream()).toList();
    return missing > 0
        ? new Seating(missing + other.missing, reason, why, all)
        : new Seating(other.missing, other.reason, other.why, all);
  }

  Seating with(List<Instance> others) {
    return new Seating(missing, reason, why, others);
  }
}
