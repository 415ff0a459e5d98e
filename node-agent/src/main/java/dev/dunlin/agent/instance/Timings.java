package dev.dunlin.agent.instance;

import java.time.Duration;

/**
 * How long things take that nobody but the agent decides.
 *
 * @param backoff between tries of what may get better by itself, and between crashes
 * @param goodRun a run this long makes the crashes before it forgotten
 * @param recheck between looks at what only a user can put right
 * @param drainAtLeast how long a deleted http instance goes on answering, so that every proxy has
 *     learnt that it goes
 * @param memoryEvery between looks at an instance's memory
 */
public record Timings(
    Backoff backoff,
    Duration goodRun,
    Duration recheck,
    Duration drainAtLeast,
    Duration memoryEvery) {
  public static final Timings DEFAULT =
      new Timings(
          new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5)),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));
}
