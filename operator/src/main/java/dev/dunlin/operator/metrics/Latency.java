package dev.dunlin.operator.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Quantiles of a histogram, as Prometheus' histogram_quantile works them out. */
final class Latency {
  /**
   * Seconds that a share of the answers took at the most; spread evenly within a bucket. Empty
   * without answers.
   *
   * @param share above 0, at most 1
   * @param bounds upper bounds of the buckets, in seconds, rising
   * @param counts of each bucket, not added up; one more than bounds has what is above them: of
   *     such only the highest bound is known
   */
  static OptionalDouble quantile(double share, List<Double> bounds, List<Long> counts) {
    long all = counts.stream().mapToLong(Long::longValue).sum();
    if (all == 0) return OptionalDouble.empty();
    double rank = share * all;
    long below = 0;
    for (int i = 0; i < bounds.size(); i++) {
      long count = counts.get(i);
      if (count > 0 && below + count >= rank) {
        double from = i == 0 ? 0 : bounds.get(i - 1);
        return OptionalDouble.of(from + (bounds.get(i) - from) * (rank - below) / count);
      }
      below += count;
    }
    return OptionalDouble.of(bounds.getLast());
  }

  /**
   * The same answers, counted by other bounds: each bucket goes where its upper bound belongs, so
   * that nothing looks faster than it was.
   *
   * @param bounds that they are to be counted by
   */
  static List<Long> onto(List<Double> bounds, List<Double> counted, List<Long> counts) {
    if (bounds.equals(counted)) return counts;
    var moved = new long[bounds.size() + 1];
    for (int i = 0; i < counts.size(); i++) {
      int to = 0;
      while (to < bounds.size() && (i == counted.size() || bounds.get(to) < counted.get(i))) to++;
      moved[to] += counts.get(i);
    }
    return Arrays.stream(moved).boxed().toList();
  }

  private Latency() {}
}
