package dev.dunlin.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.CompletionMode;
import dev.dunlin.api.v1alpha1.ExitCodes;
import dev.dunlin.api.v1alpha1.FailureAction;
import dev.dunlin.api.v1alpha1.FailurePolicy;
import dev.dunlin.api.v1alpha1.FailureRule;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.SetOperator;
import dev.dunlin.operator.job.JobCluster.Fate;
import dev.dunlin.operator.job.JobProgress.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole lives of jobs, pass by pass. */
@SuppressWarnings("UnnecessaryLambda") // they have names
class JobStoryTest {
  private static final Duration LONG = Duration.ofDays(2);
  private static final Function<Run, Fate> WELL = run -> Fate.WELL;
  private static final Function<Run, Fate> BADLY = run -> Fate.BADLY;

  private static JobWorkload job(
      int completions, int parallelism, int backoffLimit, CompletionMode mode) {
    return new JobWorkload(completions, parallelism, backoffLimit, null, null, mode, null, null);
  }

  private static JobWorkload job(int completions, int parallelism, int backoffLimit) {
    return job(completions, parallelism, backoffLimit, CompletionMode.NonIndexed);
  }

  private static JobWorkload suspended(JobWorkload job, boolean suspend) {
    return new JobWorkload(
        job.completions(),
        job.parallelism(),
        job.backoffLimit(),
        job.activeDeadlineSeconds(),
        job.ttlSecondsAfterFinished(),
        job.completionMode(),
        suspend,
        job.failurePolicy());
  }

  private static JobWorkload ruled(JobWorkload job, FailureRule... rules) {
    return new JobWorkload(
        job.completions(),
        job.parallelism(),
        job.backoffLimit(),
        job.activeDeadlineSeconds(),
        job.ttlSecondsAfterFinished(),
        job.completionMode(),
        null,
        new FailurePolicy(List.of(rules)));
  }

  private static FailureRule onExit(FailureAction action, SetOperator operator, Integer... codes) {
    return new FailureRule(action, new ExitCodes(operator, List.of(codes)), List.of());
  }

  @ParameterizedTest
  @EnumSource(CompletionMode.class)
  void nothingIsLostOrCountedTwiceWhicheverWriteIsTheOperatorsLast(CompletionMode mode) {
    Function<Run, Fate> fates = run -> run.number() % 4 == 3 ? Fate.BADLY : Fate.WELL;
    var undisturbed = new JobCluster(job(25, 4, 100, mode), fates);
    undisturbed.runOn(LONG);

    for (int write = 1; write <= undisturbed.writes(); write++) {
      var cluster = new JobCluster(job(25, 4, 100, mode), fates);
      cluster.livesFor = write;

      var end = cluster.runOn(LONG);

      assertThat(end.outcome())
          .as("operator died after write %d", write)
          .isEqualTo(Outcome.COMPLETE);
      var status = stored(cluster);
      assertThat(status.succeeded()).as("after write %d", write).isEqualTo(25);
      assertThat(cluster.wellEnded).as("work done twice after write %d", write).hasSize(25);
      assertThat(RunSet.parse(status.succeededRuns()).size()).isEqualTo(25);
      assertThat(status.failed()).isEqualTo(cluster.begun.size() - 25);
      if (mode == CompletionMode.Indexed) {
        assertThat(status.completedIndexes()).isEqualTo("0-24");
        assertThat(cluster.wellEnded.stream().map(Run::index)).doesNotHaveDuplicates();
      }
    }
  }

  private static JobStatus stored(JobCluster cluster) {
    @Nullable JobStatus status = cluster.stored;
    if (status == null) throw new AssertionError("no status was written");
    return status;
  }

  @Test
  void aRunThatWasTakenAwayUnseenHasFailedAndItsNumberIsNotGivenAgain() {
    var cluster = new JobCluster(job(2, 2, 6), WELL);
    cluster.pass();
    cluster.instances.clear();

    var next = cluster.pass();

    assertThat(stored(cluster).failedRuns()).isEqualTo("0-1");
    assertThat(next.start().stream().map(JobProgress.Start::number)).containsExactly(2, 3);
    assertThat(cluster.runOn(LONG).outcome()).isEqualTo(Outcome.COMPLETE);
  }

  @Test
  void aRunThatWasRefusedIsNoRunThatWasLost() {
    var job = job(3, 3, 6);
    var seen = List.of(Run.active(0, null));
    var begun =
        JobProgress.of(
                job, null, null, List.of(), Instant.parse("2026-01-01T12:00:00Z"), JobCluster.RETRY)
            .started(job, 3);

    var stored = begun.refused().status(); // of three only the first was taken
    var next =
        JobProgress.of(
            job, stored, null, seen, Instant.parse("2026-01-01T12:00:00Z"), JobCluster.RETRY);

    assertThat(stored.active()).isZero();
    assertThat(next.status().failed()).isZero();
    assertThat(next.start().stream().map(JobProgress.Start::number)).containsExactly(1, 2);
  }

  @Test
  void aJobOfTenThousandRunsKeepsFewInstancesAndWritesLittle() {
    var cluster = new JobCluster(job(10_000, 100, 6), WELL);

    var end = cluster.runOn(LONG);

    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(stored(cluster).succeededRuns()).isEqualTo("0-9999");
    assertThat(cluster.mostInstances).isLessThanOrEqualTo(300 + 2 * JobProgress.KEPT);
    assertThat(cluster.instances).hasSize(JobProgress.KEPT);
    assertThat(cluster.creations).isEqualTo(10_000);
    assertThat(cluster.deletions).isEqualTo(10_000 - JobProgress.KEPT);
    assertThat(cluster.statusWrites).isLessThan(250);
  }

  @Test
  void aJobThatCrashesAtOnceWritesLittleAndLess() {
    var cluster = new JobCluster(job(1, 1, 1000), BADLY);

    cluster.runOn(Duration.ofHours(1));

    // 10 s, 20 s, … 320 s, then every 6 min: 15 runs.
    assertThat(cluster.creations).isBetween(13, 16);
    assertThat(cluster.writes()).isLessThan(60);
    assertThat(cluster.instances.size()).isLessThanOrEqualTo(JobProgress.KEPT + 2);
  }

  @Test
  void aRunThatSucceedsEndsTheGrowthOfTheWait() {
    var cluster = new JobCluster(job(3, 1, 100), run -> run.number() == 2 ? Fate.WELL : Fate.BADLY);
    cluster.runOn(Duration.ofSeconds(40));

    assertThat(stored(cluster).succeeded()).isEqualTo(1);
    assertThat(stored(cluster).failuresInARow()).isEqualTo(1);
  }

  @Test
  void lessParallelismStopsTheLatestRunsAndCountsThemNeitherWay() {
    var cluster = new JobCluster(job(10, 4, 0), WELL);
    cluster.pass();
    cluster.job = job(10, 1, 0);

    cluster.pass();
    cluster.pass();

    assertThat(cluster.instances).containsOnlyKeys(0);
    assertThat(stored(cluster).failed()).isZero();
    assertThat(stored(cluster).ignoredRuns()).isEqualTo("1-3");
    assertThat(cluster.runOn(LONG).outcome()).isEqualTo(Outcome.COMPLETE);
  }

  @Test
  void parallelismZeroStopsAllAndMoreBeginsAgain() {
    var cluster = new JobCluster(job(2, 2, 0), WELL);
    cluster.pass();
    cluster.job = job(2, 0, 0);
    cluster.pass();
    var waiting = cluster.pass();

    assertThat(waiting.outcome()).isEqualTo(Outcome.RUNNING);
    assertThat(waiting.message()).contains("parallelism is 0");
    assertThat(cluster.instances).isEmpty();

    cluster.job = job(2, 1, 0);
    assertThat(cluster.runOn(LONG).outcome()).isEqualTo(Outcome.COMPLETE);
  }

  @Test
  void aSuspendedJobStopsItsRunsAndBeginsItsTimeAnewWhenItIsResumed() {
    var cluster = new JobCluster(job(2, 2, 0), WELL);
    cluster.pass();
    var firstStart = stored(cluster).startTime();
    cluster.job = suspended(cluster.job, true);
    cluster.now = cluster.now.plusSeconds(60);

    cluster.pass();
    var held = cluster.pass();

    assertThat(held.outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(cluster.instances).isEmpty();
    assertThat(stored(cluster).startTime()).isNull();
    assertThat(stored(cluster).failed()).isZero();

    cluster.job = suspended(cluster.job, false);
    assertThat(cluster.runOn(LONG).outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(stored(cluster).startTime()).isNotNull().isNotEqualTo(firstStart);
  }

  @Test
  void aJobCreatedSuspendedHasNoStartTimeAndNoRuns() {
    var cluster = new JobCluster(suspended(job(1, 1, 0), true), WELL);

    var progress = cluster.pass();

    assertThat(progress.outcome()).isEqualTo(Outcome.SUSPENDED);
    assertThat(stored(cluster).startTime()).isNull();
    assertThat(cluster.creations).isZero();
  }

  @Test
  void aJobThatHasFailedStopsItsOtherRunsBeforeItSaysSo() {
    var cluster = new JobCluster(job(10, 3, 0), run -> run.number() == 0 ? Fate.BADLY : Fate.WELL);
    cluster.pass();
    var first = cluster.instances.get(0);
    if (first == null) throw new AssertionError("no run 0");
    var end = new Run.End("Error", 1, cluster.now, null);
    cluster.instances.put(0, new Run(0, null, Run.State.FAILED, false, false, false, end));

    var failing = cluster.pass();
    var stopping = cluster.pass();
    var failed = cluster.pass();

    assertThat(Stream.of(failing, stopping, failed).map(JobProgress::outcome))
        .containsExactly(Outcome.FAILING, Outcome.FAILING, Outcome.FAILED);
    assertThat(failed.reason()).isEqualTo("BackoffLimitExceeded");
    assertThat(cluster.atWork()).isZero();
    assertThat(stored(cluster).failedRuns()).isEqualTo("0-2");
    assertThat(stored(cluster).completionTime()).isNotNull();
  }

  @Test
  void anExitCodeThatARuleNamesFailsTheJobAtOnce() {
    var cluster =
        new JobCluster(
            ruled(job(1, 1, 6), onExit(FailureAction.FailJob, SetOperator.In, 42)),
            run -> new Fate(Run.State.FAILED, "Error", 42));

    var end = cluster.runOn(LONG);

    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(cluster.creations).isEqualTo(1);
  }

  @Test
  void theMessageSaysWhichRunAndWhichRuleEndedTheJob() {
    var cluster =
        new JobCluster(
            ruled(
                job(2, 1, 6, CompletionMode.Indexed),
                onExit(FailureAction.Ignore, SetOperator.In, 1),
                onExit(FailureAction.FailJob, SetOperator.NotIn, 2)),
            run -> new Fate(Run.State.FAILED, "Error", 42));
    cluster.pass();
    cluster.guestsEnd();

    var end = cluster.pass();

    assertThat(end.reason()).isEqualTo("FailurePolicy");
    assertThat(end.message())
        .isEqualTo("Run 0 (index 0) failed with exit code 42, matching FailJob rule at index 1.");
  }

  @Test
  void aFailureThatIsIgnoredDelaysTheNextRunAndDoesNotCount() {
    var cluster =
        new JobCluster(
            ruled(
                job(1, 1, 0),
                new FailureRule(FailureAction.Ignore, null, List.of("Evicted", "NodeLost"))),
            run -> run.number() < 3 ? new Fate(Run.State.FAILED, "Evicted", 0) : Fate.WELL);

    var end = cluster.runOn(LONG);

    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETE);
    assertThat(stored(cluster).failed()).isZero();
    assertThat(stored(cluster).ignoredRuns()).isEqualTo("0-2");
    var took =
        Duration.between(Instant.parse(String.valueOf(stored(cluster).startTime())), cluster.now);
    assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(10 + 20 + 40));
  }

  @Test
  void ofRulesTheFirstThatFitsDecides() {
    var cluster =
        new JobCluster(
            ruled(
                job(1, 1, 0),
                onExit(FailureAction.Count, SetOperator.In, 42),
                onExit(FailureAction.Ignore, SetOperator.NotIn, 1)),
            run -> new Fate(Run.State.FAILED, "Error", 42));
    cluster.pass();
    cluster.guestsEnd();

    assertThat(cluster.pass().reason()).isEqualTo("BackoffLimitExceeded");
  }

  @Test
  void eachIndexSucceedsOnceHoweverOftenItFails() {
    var cluster =
        new JobCluster(
            job(4, 2, 100, CompletionMode.Indexed),
            run -> run.number() < 5 ? Fate.BADLY : Fate.WELL);

    cluster.runOn(LONG);

    assertThat(stored(cluster).completedIndexes()).isEqualTo("0-3");
    assertThat(cluster.wellEnded.stream().map(Run::index)).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(cluster.mostAtWork).isEqualTo(2);
  }

  @Test
  void whatAnEarlierJobOfTheSameTemplateLeftDoesNotCount() {
    var cluster = new JobCluster(job(2, 2, 0), WELL);
    var left = new Run.End("Completed", 0, cluster.now, null);
    cluster.instances.put(
        4, new Run(4, null, Run.State.SUCCEEDED, true, false, false, left)); // being deleted

    var begun = cluster.pass();

    assertThat(begun.status().succeeded()).isZero();
    assertThat(begun.status().failed()).isZero();
    assertThat(begun.start().stream().map(JobProgress.Start::number)).containsExactly(5, 6);
  }

  @Test
  void aClockThatWentBackDelaysByTheWaitAndNotByTheJump() {
    var cluster = new JobCluster(job(1, 1, 6), BADLY);
    cluster.pass();
    cluster.guestsEnd();
    cluster.pass();
    cluster.now = cluster.now.minus(Duration.ofDays(365));

    var waits = IntStream.range(0, 2).mapToObj(i -> cluster.pass().recheckAfter()).toList();

    assertThat(waits.getLast())
        .hasValueSatisfying(it -> assertThat(it).isLessThan(Duration.ofSeconds(11)));
    cluster.now = cluster.now.plusSeconds(11);
    assertThat(cluster.pass().start()).hasSize(1);
  }

  @Test
  void anAgentWhoseClockIsAheadDoesNotMakeTheWaitLonger() {
    var cluster = new JobCluster(job(1, 1, 6), BADLY);
    cluster.pass();
    var ahead = new Run.End("Error", 1, cluster.now.plus(Duration.ofHours(1)), null);
    cluster.instances.put(0, new Run(0, null, Run.State.FAILED, false, false, false, ahead));
    cluster.pass();

    cluster.now = cluster.now.plusSeconds(11);

    assertThat(cluster.pass().start()).hasSize(1);
  }
}
