package dev.dunlin.operator.job;

import java.util.BitSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Numbers of runs, written as intervals: {@code 0-2,5}. Immutable. */
final class RunSet {
  static final RunSet EMPTY = new RunSet(new BitSet());

  private final BitSet runs;

  private RunSet(BitSet runs) {
    this.runs = runs;
  }

  /** Reads what {@link #toString} wrote; null is the empty set. */
  static RunSet parse(@Nullable String text) {
    if (text == null || text.isBlank()) return EMPTY;
    var runs = new BitSet();
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      runs.set(from, to + 1);
    }
    return new RunSet(runs);
  }

  RunSet with(int run) {
    var more = (BitSet) runs.clone();
    more.set(run);
    return new RunSet(more);
  }

  boolean contains(int run) {
    return runs.get(run);
  }

  int size() {
    return runs.cardinality();
  }

  /** One more than the highest number; 0 when empty. */
  int end() {
    return runs.length();
  }

  @Override
  public String toString() {
    var text = new StringJoiner(",");
    for (int from = runs.nextSetBit(0); from >= 0; ) {
      int to = runs.nextClearBit(from) - 1;
      text.add(from == to ? String.valueOf(from) : from + "-" + to);
      from = runs.nextSetBit(to + 1);
    }
    return text.toString();
  }
}
