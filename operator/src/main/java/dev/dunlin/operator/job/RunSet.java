package dev.dunlin.operator.job;

import java.util.BitSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Numbers of runs or indexes, written as intervals: {@code 0-2,5}. Owned by one pass. */
final class RunSet {
  private final BitSet numbers = new BitSet();

  /** Reads what {@link #toString} wrote; null is the empty set. */
  static RunSet parse(@Nullable String text) {
    var set = new RunSet();
    if (text == null || text.isBlank()) return set;
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      set.numbers.set(from, to + 1);
    }
    return set;
  }

  void add(int number) {
    numbers.set(number);
  }

  boolean contains(int number) {
    return numbers.get(number);
  }

  int size() {
    return numbers.cardinality();
  }

  /** One more than the highest number; 0 when empty. */
  int end() {
    return numbers.length();
  }

  @Override
  public String toString() {
    var text = new StringJoiner(",");
    for (int from = numbers.nextSetBit(0); from >= 0; ) {
      int to = numbers.nextClearBit(from) - 1;
      text.add(from == to ? String.valueOf(from) : from + "-" + to);
      from = numbers.nextSetBit(to + 1);
    }
    return text.toString();
  }
}
