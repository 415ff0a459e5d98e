package dev.dunlin.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.CompletionMode;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.operator.job.JobProgress.Outcome;
import dev.dunlin.operator.job.JobProgress.Start;
import dev.dunlin.operator.job.Run.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobProgressTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration DELAY = Duration.ofSeconds(10);

  private static JobWorkload job(int completions, int parallelism, int backoffLimit) {
    return job(completions, parallelism, backoffLimit, null, null);
  }

  private static JobProgress of(JobWorkload job, @Nullable JobStatus before, Run... runs) {
    return JobProgress.of(job, before, null, List.of(runs), NOW, DELAY);
  }

  private static Run active(int number) {
    return Run.active(number, null);
  }

  private static Run ended(int number, State state, int secondsAgo) {
    return ended(number, state, NOW.minusSeconds(secondsAgo), null);
  }

  private static Run ended(
      int number, State state, @Nullable Instant at, @Nullable Instant deadline) {
    var end = new Run.End(state == State.FAILED ? "Error" : "Completed", 1, at, deadline);
    return new Run(number, null, state, false, false, false, end);
  }

  private static List<Integer> started(JobProgress progress) {
    return progress.start().stream().map(Start::number).toList();
  }

  @Test
  void startsAsManyAsMayRunAtOnceAndAreStillWanted() {
    assertThat(started(of(job(5, 2, 6), null))).containsExactly(0, 1);
    assertThat(started(of(job(2, 5, 6), null, active(0)))).containsExactly(1);
    assertThat(of(job(2, 2, 6), null, active(0), active(1)).start()).isEmpty();
  }

  @Test
  void numbersAreNeverUsedTwice() {
    var before = of(job(3, 1, 6), null, ended(0, State.SUCCEEDED, 5)).status();

    assertThat(started(of(job(3, 1, 6), before))).containsExactly(1);
  }

  @Test
  void countsStayWhenFinishedInstancesAreCleanedUp() {
    var seen =
        of(job(3, 3, 6), null, ended(0, State.SUCCEEDED, 50), ended(1, State.FAILED, 50), active(2))
            .status();

    var after = of(job(3, 3, 6), seen, active(2)).status();

    assertThat(after.succeeded()).isEqualTo(1);
    assertThat(after.failed()).isEqualTo(1);
    assertThat(after.active()).isEqualTo(1);
  }

  @Test
  void aRunThatVanishedUnseenHasFailed() {
    var progress = of(job(1, 1, 6), null, active(1));

    assertThat(progress.status().failedRuns()).isEqualTo("0");
    assertThat(progress.status().failed()).isEqualTo(1);
  }

  @Test
  void aRunThatWasGivenUpAndThenSaysItSucceededStaysFailed() {
    var lost = of(job(1, 1, 6), null, ended(0, State.FAILED, null, null)).status();

    assertThat(of(job(1, 1, 6), lost, ended(0, State.SUCCEEDED, 1)).status().succeeded()).isZero();
  }

  private static JobStatus failed(int failures) {
    return new JobStatus(
        0,
        0,
        failures,
        NOW.toString(),
        null,
        null,
        "0-" + (failures - 1),
        null,
        null,
        failures,
        NOW.toString());
  }

  @Test
  void theDelayDoublesWithEachFailureUpToSixMinutes() {
    var waits = new ArrayList<Long>();
    for (int failures = 1; failures <= 8; failures++) {
      var before = failed(failures);
      var progress = JobProgress.of(job(1, 1, 100), before, null, List.of(), NOW, DELAY);
      assertThat(progress.start()).isEmpty();
      waits.add(progress.recheckAfter().orElseThrow().toSeconds());
    }

    assertThat(waits).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 360L, 360L);
  }

  @Test
  void aRunThatWasLostOrDeletedIsRunAgainWithoutAWait() {
    var lost = new Run.End("NodeLost", null, null, null);

    var progress = of(job(1, 1, 6), null, new Run(0, null, State.FAILED, false, false, true, lost));

    assertThat(started(progress)).containsExactly(1);
    assertThat(progress.status().failed()).isEqualTo(1);
    assertThat(progress.status().failuresInARow()).isNull();
  }

  @Test
  void triesAgainOnceTheDelayIsOver() {
    assertThat(started(of(job(1, 1, 6), null, ended(0, State.FAILED, 10)))).containsExactly(1);
  }

  @Test
  void oneFailureMoreThanAllowedIsTheEnd() {
    var allowed = of(job(1, 1, 1), null, ended(0, State.FAILED, 100));
    var tooMany = of(job(1, 1, 1), null, ended(0, State.FAILED, 100), ended(1, State.FAILED, 50));

    assertThat(allowed.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(tooMany.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(tooMany.reason()).isEqualTo("BackoffLimitExceeded");
    assertThat(tooMany.start()).isEmpty();
  }

  @Test
  void whatIsOverStaysOverWhateverComesAfter() {
    var complete = of(job(1, 1, 0), null, ended(0, State.SUCCEEDED, 5)).status();

    var later = of(job(1, 1, 0), complete, ended(1, State.FAILED, null, null));

    assertThat(later.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(later.status().failed()).isZero();
    assertThat(later.start()).isEmpty();
  }

  @Test
  void looksAgainAtTheDeadline() {
    var job = job(1, 1, 6, 60L, null);
    var before =
        new JobStatus(1, 0, 0, "2026-01-01T11:59:30Z", null, null, null, null, null, null, null);

    assertThat(of(job, before, active(0)).recheckAfter()).contains(Duration.ofSeconds(30));
  }

  @Test
  void aRunThatWasStoppedAtTheJobsDeadlineEndsTheJobForThatEvenBeforeItsTimeHere() {
    var job = job(1, 1, 0, 60L, null);
    var before = of(job, null).status();
    var deadline = JobProgress.deadline(job, NOW);

    var progress = of(job, before, ended(0, State.FAILED, NOW.plusSeconds(59), deadline));

    assertThat(progress.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(progress.reason()).isEqualTo("DeadlineExceeded");
    assertThat(progress.status().failed()).isEqualTo(1);
  }

  @Test
  void aRunThatWasStoppedAtADeadlineThatIsNoMoreHasOnlyFailed() {
    var before = of(job(1, 1, 1, 60L, null), null).status();
    var run = ended(0, State.FAILED, NOW, NOW.minusSeconds(1));

    var progress = of(job(1, 1, 1, 600L, null), before, run);

    assertThat(progress.outcome()).isEqualTo(Outcome.RUNNING);
  }

  private static JobWorkload job(
      int completions,
      int parallelism,
      int backoffLimit,
      @Nullable Long activeDeadlineSeconds,
      @Nullable Integer ttlSecondsAfterFinished) {
    return new JobWorkload(
        completions,
        parallelism,
        backoffLimit,
        activeDeadlineSeconds,
        ttlSecondsAfterFinished,
        CompletionMode.NonIndexed,
        null,
        null);
  }
}
