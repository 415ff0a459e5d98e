package dev.dunlin.agent.instance;

import dev.dunlin.agent.log.LogLimits;
import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the output that an instance has lost. Said anew once a minute while it goes on,
 * so that a flood of output is no flood of writes.
 *
 * @param verdict null until something was lost
 * @param saidAt when the verdict was made
 * @param lostAt when the last lines were lost
 * @param unsaidLines lost since the verdict was made
 */
record OutputLoss(@Nullable Verdict verdict, Instant saidAt, Instant lostAt, long unsaidLines) {
  static final String LOGS_COMPLETE = "LogsComplete";
  static final String ADVICE =
      "Lines of output are dropped: the app writes more than it may (docs/logs.md).";
  static final OutputLoss NONE = new OutputLoss(null, Instant.EPOCH, Instant.EPOCH, 0);

  private static final Duration SAY_EVERY = Duration.ofMinutes(1);

  /** Whether lines are being lost, or were so lately. */
  boolean goesOn() {
    return verdict != null && !verdict.isTrue();
  }

  /** After lines were lost within the {@code period} that ends now. */
  OutputLoss dropped(long lines, Duration period, LogLimits limits, Instant now) {
    if (!goesOn()) {
      return new OutputLoss(lossOf(lines, period, limits), now, now, 0);
    }
    long unsaid = unsaidLines + lines;
    Duration since = Duration.between(saidAt, now);
    return since.compareTo(SAY_EVERY) < 0
        ? new OutputLoss(verdict, saidAt, now, unsaid)
        : new OutputLoss(lossOf(unsaid, since, limits), now, now, 0);
  }

  /** After a look at the clock. */
  OutputLoss reviewed(Instant now) {
    return goesOn() && Duration.between(lostAt, now).compareTo(SAY_EVERY) >= 0
        ? new OutputLoss(
            Verdict.yes(Reasons.OUTPUT_KEPT, "No line of output was dropped for a minute."),
            now,
            lostAt,
            0)
        : this;
  }

  private static Verdict lossOf(long lines, Duration period, LogLimits limits) {
    return Verdict.no(
        Reasons.OUTPUT_DROPPED,
        "%,d lines dropped in the last %d s: the app writes more than %s; log less (docs/logs.md)."
            .formatted(lines, Math.max(1, period.toSeconds()), limits.text()));
  }
}
