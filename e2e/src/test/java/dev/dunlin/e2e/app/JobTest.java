package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static dev.dunlin.e2e.app.Inhabitants.NODE_C;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.e2e.house.Program;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs walk the way that batch/v1's walk. */
@InSharedHouse
class JobTest {

  @Test
  void allCompletionsAreRunAndNoMoreAtOnceThanAllowed(Apps apps) {
    App job = apps.app("many");
    try (Seen seen = Seen.of(job)) {
      job.apply("job: {completions: 6, parallelism: 2}, args: [sleep 300]");
      job.awaitCondition("Complete", "True", Reasons.JOB_COMPLETE);

      assertThat(job(job).succeeded()).isEqualTo(6);
      assertThat(job(job).failed()).isZero();
      assertThat(job(job).completionTime()).isNotNull();
      assertThat(seen.most()).isBetween(1, 2);
    }
  }

  @Test
  void eachIndexRunsOnceAndKnowsItsNumber(Apps apps) {
    App job =
        apps.apply(
            "indexed",
            "job: {completions: 4, parallelism: 4, completionMode: Indexed, backoffLimit: 0, failurePolicy: {rules: ["
                + "{action: Ignore, onExitCodes: {operator: In, values: [99]}}]}}, args: [env JOB_COMPLETION_INDEX]");

    job.awaitCondition("Complete", "True", Reasons.JOB_COMPLETE);

    assertThat(job(job).succeededRuns()).isEqualTo("0-3");
    Set<Integer> indexes =
        job.instances().stream()
            .map(one -> Objects.requireNonNull(one.getSpec().job()).index())
            .collect(Collectors.toSet());
    assertThat(indexes).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 4).boxed().toList());
  }

  @Test
  void anIndexThatFailsIsRunAgainAndTheOthersAreNot(Apps apps) {
    App job =
        apps.apply(
            "again",
            "job: {completions: 3, parallelism: 3, completionMode: Indexed, backoffLimit: 1}, args: [exit-as-index 1 7]");

    job.awaitCondition("Failed", "True", Reasons.BACKOFF_LIMIT_EXCEEDED);

    assertThat(job(job).failed()).isEqualTo(2);
    assertThat(
            job.instances().stream()
                .filter(
                    one -> Objects.equals(Objects.requireNonNull(one.getSpec().job()).index(), 1)))
        .hasSizeGreaterThanOrEqualTo(1);
  }

  @Test
  void aRuleOnAnExitCodeFailsTheJobAtOnce(Apps apps) {
    App job =
        apps.apply(
            "fatal",
            "job: {completions: 1, backoffLimit: 6, failurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}]}}, args: [exit 42]");

    job.awaitCondition("Failed", "True", Reasons.FAILURE_POLICY);

    assertThat(job(job).failed()).isEqualTo(1);
    assertThat(job.told("Failed")).contains("42");
  }

  @Test
  void aRuleOnATrapDoesTheSame(Apps apps) {
    App job =
        apps.apply(
            "trapped",
            "job: {backoffLimit: 6, failurePolicy: {rules: [{action: FailJob, onReasons: [Trap]}]}}, args: [trap]");

    job.awaitCondition("Failed", "True", Reasons.FAILURE_POLICY);

    assertThat(job(job).failed()).isEqualTo(1);
  }

  @Test
  void anIgnoredFailureDoesNotCountAgainstTheLimit(Apps apps) {
    App job =
        apps.apply(
            "ignored",
            "job: {backoffLimit: 0, failurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [5]}}]}}, args: [exit 5]");

    awaitUntil(
        "it was tried more than once", () -> job.instances().size() > 1 || job.events().size() > 3);

    assertThat(job.told("Failed")).doesNotStartWith("True");
  }

  @Test
  void aSuspendedJobStopsItsRunsAndGoesOnLater(Apps apps) {
    String spec =
        "job: {suspend: %s, completions: 1}, args: [sleep %d], terminationGracePeriodSeconds: 1";
    App job = apps.apply("held", spec.formatted("true", 60_000));
    job.awaitCondition("Suspended", "True", Reasons.JOB_SUSPENDED);
    assertThat(job.standing()).isEmpty();

    job.apply(spec.formatted("false", 60_000));
    awaitUntil("it runs", () -> job.standing().stream().anyMatch(App::isReady));
    job.apply(spec.formatted("true", 60_000));
    awaitUntil("its run is stopped", () -> job.standing().isEmpty());
    assertThat(App.orZero(job(job).failed())).isZero();
    assertThat(job(job).startTime()).isNull();

    job.apply(spec.formatted("false", 60_000));
    awaitUntil("it runs again", () -> job.standing().stream().anyMatch(App::isReady));
  }

  @Test
  void aJobThatTakesTooLongIsStoppedAndHasFailed(Apps apps) {
    App job =
        apps.apply(
            "endless",
            "job: {activeDeadlineSeconds: 3}, args: [await /never], terminationGracePeriodSeconds: 1");

    job.awaitCondition("Failed", "True", Reasons.DEADLINE_EXCEEDED);

    awaitUntil("nothing runs", () -> job.standing().stream().noneMatch(App::isReady));
    assertThat(App.orZero(job(job).active())).isZero();
  }

  @Test
  void aFinishedJobGoesAfterItsTime(Apps apps) {
    App job = apps.apply("brief", "job: {ttlSecondsAfterFinished: 2}, args: [say done]");

    awaitUntil("it has gone", () -> !job.exists());

    awaitAsserted(() -> assertThat(job.instances()).isEmpty());
  }

  @Test
  void failedRunsAreTriedAgainUntilTheLimit(Apps apps) {
    App job = apps.apply("failing", "job: {backoffLimit: 1}, args: [exit 3]");

    job.awaitCondition("Failed", "True", Reasons.BACKOFF_LIMIT_EXCEEDED);

    assertThat(job(job).failed()).isEqualTo(2);
  }

  @Test
  void aRunWhoseNodeIsLostIsBegunAnewOnAnotherAndCountsAsThePolicySays(Apps apps) {
    App job =
        apps.apply(
            "moved",
            "job: {backoffLimit: 0, failurePolicy: {rules: [{action: Ignore, onReasons: [NodeLost]}]}}, args: [sleep 20000], "
                + "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: zone, operator: In, values: [c]}]}}]}}");
    awaitUntil("it runs", () -> job.standing().stream().anyMatch(App::isReady));
    assertThat(job.nodes()).containsExactly(NODE_C);
    Program agent = apps.inhabitants().agent(NODE_C);

    agent.kill();
    try {
      awaitUntil(
          "it runs elsewhere",
          () ->
              job.standing().stream()
                  .anyMatch(run -> App.isReady(run) && !run.getSpec().nodeName().equals(NODE_C)));
    } finally {
      agent.start();
    }

    job.awaitCondition("Complete", "True", Reasons.JOB_COMPLETE);
    assertThat(job(job).ignoredRuns()).isEqualTo("0");
    assertThat(job(job).succeededRuns()).isEqualTo("1");
    assertThat(App.orZero(job(job).failed())).isZero();
    apps.awaitNodeReady(NODE_C);
  }

  private static JobStatus job(App app) {
    return Objects.requireNonNull(app.status().job(), "status.job of " + app.name());
  }
}
