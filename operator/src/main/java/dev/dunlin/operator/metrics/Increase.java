package dev.dunlin.operator.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * By how much counters have grown between two readings. A counter that has fallen began anew: what
 * it has now came since.
 *
 * @param status answers of class 1xx to 5xx
 * @param latency answers by bucket
 */
record Increase(List<Long> status, List<Long> latency, double cpuSeconds) {
  static final Increase NONE = new Increase(List.of(), List.of(), 0);

  static Increase between(Reading before, Reading after) {
    boolean anew =
        after.requests() < before.requests()
            || fell(before.status(), after.status())
            || fell(before.latency(), after.latency());
    Reading from = anew ? after.nothing() : before;
    double cpu = after.cpuSeconds() - from.cpuSeconds();
    return new Increase(
        difference(from.status(), after.status()),
        difference(from.latency(), after.latency()),
        cpu < 0 ? after.cpuSeconds() : cpu);
  }

  Increase plus(Increase other) {
    return new Increase(
        sum(status, other.status), sum(latency, other.latency), cpuSeconds + other.cpuSeconds);
  }

  long requests() {
    return status.stream().mapToLong(Long::longValue).sum();
  }

  /** Answers that were the server's errors (5xx). */
  long errors() {
    return status.size() < 5 ? 0 : status.get(4);
  }

  private static boolean fell(List<Long> before, List<Long> after) {
    if (before.size() != after.size()) return true; // another version of the agent
    for (int i = 0; i < before.size(); i++) if (after.get(i) < before.get(i)) return true;
    return false;
  }

  private static List<Long> difference(List<Long> before, List<Long> after) {
    var differences = new ArrayList<Long>();
    for (int i = 0; i < after.size(); i++) differences.add(after.get(i) - before.get(i));
    return List.copyOf(differences);
  }

  private static List<Long> sum(List<Long> one, List<Long> other) {
    var sums = new ArrayList<Long>();
    for (int i = 0; i < Math.max(one.size(), other.size()); i++)
      sums.add((i < one.size() ? one.get(i) : 0) + (i < other.size() ? other.get(i) : 0));
    return List.copyOf(sums);
  }
}
