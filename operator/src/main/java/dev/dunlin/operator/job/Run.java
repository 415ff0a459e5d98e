package dev.dunlin.operator.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job, as its instance shows it.
 *
 * @param number counted from 0 over all runs of the job, and never used twice
 * @param index which of the completions it is (Indexed); else null
 * @param stopping whether its deletion has been asked for
 * @param working whether the guest may still run, whatever is counted
 * @param lost whether it had not ended, or was being deleted, when its node was lost
 * @param end how it ended; null while it is ACTIVE
 */
public record Run(
    int number,
    @Nullable Integer index,
    State state,
    boolean stopping,
    boolean working,
    boolean lost,
    @Nullable End end) {

  /** A run that was deleted, or whose node is lost, before it ended has FAILED. */
  public enum State {
    ACTIVE,
    SUCCEEDED,
    FAILED
  }

  /**
   * How a run ended, as far as anybody told.
   *
   * @param reason a termination's, or NodeLost
   * @param at by the agent's clock; null where it did not say
   * @param deadline of the job as the run was told it, if it was stopped for that; else null
   */
  public record End(
      String reason,
      @Nullable Integer exitCode,
      @Nullable Instant at,
      @Nullable Instant deadline) {}

  public static Run active(int number, @Nullable Integer index) {
    return new Run(number, index, State.ACTIVE, false, true, false, null);
  }

  /** Its words in a message: {@code Run 3 (index 1)}. */
  String words() {
    return index == null ? "Run " + number : "Run %d (index %d)".formatted(number, index);
  }
}
