package dev.dunlin.operator.config;

import java.util.Map;
import java.util.TreeMap;

/** What is known of what a ConfigMap or Secret says. */
public sealed interface Content {

  /** It has not been read yet. */
  record Unknown() implements Content {}

  /** There is none, or it may not be read. */
  record Absent() implements Content {}

  /**
   * There is one.
   *
   * @param keys a hash of each key's value
   */
  record Present(Map<String, String> keys) implements Content {
    public Present {
      keys = Map.copyOf(keys);
    }

    /** A hash of what {@code ref} takes of it. */
    String hash(ConfigRef ref) {
      var taken = new TreeMap<>(keys);
      if (!ref.whole()) taken.keySet().retainAll(ref.keys());
      return Hash.of(taken.toString());
    }
  }
}
