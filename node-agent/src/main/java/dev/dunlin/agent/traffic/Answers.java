package dev.dunlin.agent.traffic;

import java.util.Collections;
import java.util.List;

/**
 * Answers of one class of status.
 *
 * @param latency how many took how long, by the bounds of {@link Traffic#latencyBounds}; the last
 *     has what is above them all
 * @param seconds that all took together
 */
public record Answers(List<Long> latency, double seconds) {
  static final Answers NONE =
      new Answers(Collections.nCopies(AnswerCounts.bounds().size() + 1, 0L), 0);

  public Answers {
    latency = List.copyOf(latency);
  }

  /** How many there were. */
  public long count() {
    return latency.stream().mapToLong(Long::longValue).sum();
  }
}
