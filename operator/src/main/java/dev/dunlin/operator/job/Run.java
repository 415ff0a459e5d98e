package dev.dunlin.operator.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job.
 *
 * @param number counted from 0 over all runs of the job
 * @param finishedAt when it ended, where its agent said so
 * @param deadline of the job as the run was told it, if it was stopped for that; else null
 */
public record Run(
    int number, State state, @Nullable Instant finishedAt, @Nullable Instant deadline) {

  /** A run that was deleted, or whose node is lost, before it ended has FAILED. */
  public enum State {
    ACTIVE,
    SUCCEEDED,
    FAILED
  }
}
