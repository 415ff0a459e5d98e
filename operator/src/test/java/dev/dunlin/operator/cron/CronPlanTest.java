package dev.dunlin.operator.cron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CronPlanTest {
  private static final Instant NOON = ACron.CREATED;
  private static final String EACH_HOUR = "schedule: '0 * * * *'";
  private static final String EACH_MINUTE = "schedule: '* * * * *'";

  private static CronPlan plan(WasmApp app, Instant now, WasmApp... jobs) {
    @Nullable CronWorkload cron = app.getSpec().cron();
    if (cron == null) throw new AssertionError("no cron");
    return CronPlan.of(
        app, cron, List.of(jobs).stream().map(job -> new CronJob(job, false)).toList(), now);
  }

  private static String name(Instant time) {
    return "tick-" + time.getEpochSecond() / 60;
  }

  private static Instant at(String time) {
    return Instant.parse("2026-01-01T" + time + "Z");
  }

  private static CronStatus stored(CronCluster cluster) {
    @Nullable WasmAppStatus status = cluster.app.getStatus();
    @Nullable CronStatus cron = status == null ? null : status.cron();
    if (cron == null) throw new AssertionError("no status was written");
    return cron;
  }

  @Test
  void beforeItsTimeThereIsNothingToDoUntilThen() {
    var plan = plan(ACron.of(EACH_HOUR), at("12:59:00"));

    assertThat(plan.create()).isEmpty();
    assertThat(plan.verdict().ready()).isTrue();
    assertThat(plan.verdict().message()).contains("2026-01-01T13:00Z");
    assertThat(plan.lookAgain()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
  }

  @Test
  void itLooksAtTheClockEveryTenMinutesAtLeast() {
    assertThat(plan(ACron.of("schedule: '@yearly'"), NOON).lookAgain())
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void theJobIsTheAppWithItsWorkloadExchanged() {
    var job =
        plan(ACron.of(EACH_HOUR + ", job: {backoffLimit: 1}"), at("13:00:00"))
            .create()
            .orElseThrow();

    assertThat(job.getMetadata().getName()).isEqualTo(name(at("13:00:00")));
    assertThat(job.getMetadata().getLabels())
        .containsEntry(Api.CRON_LABEL, "tick")
        .containsEntry("team", "red");
    assertThat(job.getMetadata().getAnnotations())
        .containsOnlyKeys("note", Api.SCHEDULED_TIME_ANNOTATION)
        .containsEntry(Api.SCHEDULED_TIME_ANNOTATION, "2026-01-01T13:00:00Z");
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getUid()).isEqualTo("cron-uid");
          assertThat(owner.getController()).isTrue();
          assertThat(owner.getBlockOwnerDeletion()).isTrue();
        });
    assertThat(job.getSpec().cron()).isNull();
    assertThat(job.getSpec().image()).isEqualTo("registry.example/tick:v1");
    assertThat(job.getSpec().args()).containsExactly("go");
    assertThat(job.getSpec().replicas()).isEqualTo(1);
    assertThat(job.getSpec().paused()).isNull();
    assertThat(job.getSpec().job()).extracting(JobWorkload::backoffLimit).isEqualTo(1);
  }

  @Test
  void theTimeZoneIsThatOfTheScheduleAndOfTheAnnotation() {
    var app = ACron.of("schedule: '0 14 * * *', timeZone: Europe/Vienna");

    assertThat(plan(app, at("12:59:00")).create()).isEmpty();
    var job = plan(app, at("13:00:00")).create().orElseThrow();
    assertThat(job.getMetadata().getAnnotations())
        .containsEntry(Api.SCHEDULED_TIME_ANNOTATION, "2026-01-01T14:00:00+01:00");
  }

  @Test
  void anUnknownTimeZoneIsSaidAndNothingIsMade() {
    for (String zone : List.of("Mars/Olympus", "UTC+3", "Z", "+02:00")) {
      var plan = plan(ACron.of(EACH_MINUTE + ", timeZone: '" + zone + "'"), at("13:00:00"));

      assertThat(plan.create()).isEmpty();
      assertThat(plan.verdict().ready()).isFalse();
      assertThat(plan.verdict().reason()).isEqualTo("UnknownTimeZone");
      assertThat(plan.verdict().message()).contains(zone);
      assertThat(plan.happenings()).hasSize(1);
    }
  }

  @Test
  void aScheduleThatIsNoneOrNeverComesIsSaid() {
    var backwards = plan(ACron.of("schedule: '30-10 * * * *'"), at("13:00:00")).verdict();
    var never = plan(ACron.of("schedule: '0 0 30 2 *'"), at("13:00:00")).verdict();

    assertThat(List.of(backwards.reason(), never.reason())).containsOnly("InvalidSchedule");
    assertThat(backwards.message()).contains("ends before it begins");
    assertThat(never.message()).contains("no time in the next years");
  }

  @Test
  void ofTimesMissedWhileTheOperatorWasAwayOnlyTheLastIsMadeUpFor() {
    var cluster = new CronCluster("schedule: '*/10 * * * *'");
    cluster.now = at("14:05:00");

    cluster.pass();
    cluster.pass();

    assertThat(cluster.made).containsExactly(name(at("14:00:00")));
    assertThat(stored(cluster).lastScheduleTime()).isEqualTo("2026-01-01T14:00:00Z");
    assertThat(cluster.reasons()).isEmpty();
  }

  @Test
  void moreThanAHundredMissedTimesAreToldOfAndTheLastIsMadeUpFor() {
    var cluster = new CronCluster(EACH_MINUTE);
    cluster.now = at("14:05:00");

    cluster.pass();

    assertThat(cluster.made).containsExactly(name(at("14:05:00")));
    assertThat(cluster.reasons()).containsExactly("TooManyMissedTimes");
  }

  @Test
  void withADeadlineOnlyTimesWithinItCountAsMissed() {
    var cluster = new CronCluster(EACH_MINUTE + ", startingDeadlineSeconds: 200");
    cluster.now = at("14:05:30");

    cluster.pass();

    assertThat(cluster.made).containsExactly(name(at("14:05:00")));
    assertThat(cluster.reasons()).isEmpty();
  }

  @Test
  void aTimeWhoseDeadlineHasPassedIsLeftOutAndToldOfOnce() {
    var cluster = new CronCluster(EACH_HOUR + ", startingDeadlineSeconds: 60");
    cluster.now = at("13:05:00");

    cluster.pass();
    cluster.now = at("13:15:00");
    cluster.pass();

    assertThat(cluster.made).isEmpty();
    assertThat(cluster.reasons()).containsExactly("MissSchedule");
    assertThat(cluster.statusWrites).isEqualTo(1);
    cluster.now = at("14:00:00");
    cluster.pass();
    assertThat(cluster.made).containsExactly(name(at("14:00:00")));
  }

  @Test
  void aDeadlineOfAFewSecondsOrNoneIsEnoughForAnOperatorThatIsThere() {
    for (int deadline = 0; deadline < 10; deadline++) {
      var cluster = new CronCluster(EACH_HOUR + ", startingDeadlineSeconds: " + deadline);

      cluster.runUntil(at("15:30:00"), (it, now) -> it.jobsEnd(true));

      assertThat(cluster.made).as("deadline of %d s", deadline).hasSize(3);
    }
  }

  @Test
  void whatWasSuspendedIsMissedAndMadeUpForOnce() {
    var cluster = new CronCluster(EACH_HOUR + ", suspend: true");
    cluster.now = at("15:30:00");
    var held = cluster.pass();
    assertThat(held.verdict().reason()).isEqualTo("CronSuspended");
    assertThat(held.verdict().ready()).isTrue();
    assertThat(cluster.made).isEmpty();

    cluster.app.setSpec(ACron.of(EACH_HOUR).getSpec());
    cluster.pass();
    cluster.pass();

    assertThat(cluster.made).containsExactly(name(at("15:00:00")));
  }

  @Test
  void jobsThatAreAllowedToRunAtOnceDo() {
    var cluster = new CronCluster(EACH_HOUR);

    cluster.runUntil(at("15:30:00"), (it, now) -> {});

    assertThat(cluster.made).hasSize(3);
    assertThat(stored(cluster).active()).hasSize(3);
    assertThat(cluster.deletions).isZero();
  }

  @Test
  void aForbiddenSecondJobWaitsForTheFirstAndTheLastTimeIsMadeUpFor() {
    var cluster = new CronCluster(EACH_HOUR + ", concurrencyPolicy: Forbid");
    cluster.runUntil(at("15:30:00"), (it, now) -> {});

    assertThat(cluster.made).containsExactly(name(at("13:00:00")));
    assertThat(cluster.reasons()).containsExactly("JobAlreadyActive");
    int writes = cluster.statusWrites;
    cluster.runUntil(at("19:30:00"), (it, now) -> {});
    assertThat(cluster.statusWrites).as("writes while blocked").isEqualTo(writes);

    cluster.jobsEnd(true);
    cluster.pass();
    assertThat(cluster.made).containsExactly(name(at("13:00:00")), name(at("19:00:00")));
  }

  @Test
  void aReplacedJobGoesBeforeTheNextIsMade() {
    var cluster = new CronCluster(EACH_HOUR + ", concurrencyPolicy: Replace");

    cluster.runUntil(at("15:30:00"), (it, now) -> {});

    assertThat(cluster.made).hasSize(3);
    assertThat(cluster.jobs).containsOnlyKeys(name(at("15:00:00")));
    assertThat(stored(cluster).active()).containsExactly(name(at("15:00:00")));
    assertThat(cluster.reasons()).doesNotContain("MissingJob");
  }

  @Test
  void ofEndedJobsAsManyAreKeptAsTheLimitsSay() {
    var cluster =
        new CronCluster(EACH_HOUR + ", successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 1");

    cluster.runUntil(at("23:30:00"), (it, now) -> it.jobsEnd(now.getEpochSecond() / 3600 % 2 == 0));

    var kept = cluster.jobs.values().stream().map(job -> new CronJob(job, false)).toList();
    assertThat(kept).hasSize(3);
    assertThat(kept.stream().filter(job -> job.phase() == CronJob.Phase.FAILED)).hasSize(1);
    assertThat(stored(cluster).active()).isEmpty();
    assertThat(cluster.reasons()).contains("SawCompletedJob");
  }

  @Test
  void noHistoryIsKeptWhereNoneIsAskedForAndTheLastSuccessIsKnownAllTheSame() {
    var cluster =
        new CronCluster(EACH_HOUR + ", successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0");

    cluster.runUntil(at("15:30:00"), (it, now) -> it.jobsEnd(true));

    assertThat(cluster.jobs).isEmpty();
    assertThat(cluster.made).hasSize(3);
    assertThat(stored(cluster).lastSuccessfulTime()).isNotNull();
  }

  @Test
  void aJobThatSomebodyDeletedIsMissed() {
    var cluster = new CronCluster(EACH_HOUR);
    cluster.runUntil(at("13:30:00"), (it, now) -> {});
    cluster.jobs.clear();

    cluster.pass();

    assertThat(cluster.reasons()).containsExactly("MissingJob");
    assertThat(stored(cluster).active()).isEmpty();
    assertThat(cluster.made).hasSize(1);
  }

  @Test
  void noTimeHasTwoJobsWhicheverWriteIsTheOperatorsLast() {
    String cron = EACH_HOUR + ", concurrencyPolicy: Replace, successfulJobsHistoryLimit: 0";
    var undisturbed = new CronCluster(cron);
    undisturbed.runUntil(at("18:30:00"), CronPlanTest::everyOtherEnds);

    for (int write = 1; write <= undisturbed.writes(); write++) {
      var cluster = new CronCluster(cron);
      cluster.livesFor = write;

      cluster.runUntil(at("18:30:00"), CronPlanTest::everyOtherEnds);

      assertThat(cluster.died).isTrue();
      assertThat(cluster.made)
          .as("operator died after write %d", write)
          .doesNotHaveDuplicates()
          .containsExactlyElementsOf(undisturbed.made);
      assertThat(stored(cluster)).isEqualTo(stored(undisturbed));
    }
  }

  private static void everyOtherEnds(CronCluster cluster, Instant now) {
    if (now.getEpochSecond() / 3600 % 2 == 0 && now.getEpochSecond() % 3600 > 600)
      cluster.jobsEnd(true);
  }

  @Test
  void aClockThatGoesBackALittleMakesNoJobTwice() {
    var cluster = new CronCluster(EACH_MINUTE);
    cluster.runUntil(at("12:05:01"), (it, now) -> it.jobsEnd(true));
    assertThat(cluster.made).hasSize(5);

    cluster.now = at("12:04:30");
    cluster.runUntil(at("12:05:59"), (it, now) -> it.jobsEnd(true));
    assertThat(cluster.made).hasSize(5);

    cluster.runUntil(at("12:06:30"), (it, now) -> it.jobsEnd(true));
    assertThat(cluster.made).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void aClockThatGoesBackFarIsSaidAndMakesNoJobTwice() {
    var cluster = new CronCluster(EACH_HOUR);
    cluster.runUntil(at("15:30:00"), (it, now) -> it.jobsEnd(true));

    cluster.now = at("12:30:00");
    var behind = cluster.pass();
    cluster.runUntil(at("15:50:00"), (it, now) -> it.jobsEnd(true));

    assertThat(behind.verdict().ready()).isFalse();
    assertThat(behind.verdict().reason()).isEqualTo("ClockSkew");
    assertThat(behind.verdict().message()).contains("2026-01-01T15:00:00Z", "2026-01-01T12:30:00Z");
    assertThat(cluster.made).hasSize(3);
    cluster.runUntil(at("16:30:00"), (it, now) -> it.jobsEnd(true));
    assertThat(cluster.made).hasSize(4);
    assertThat(cluster.pass().verdict().ready()).isTrue();
  }

  @Test
  void aClockThatJumpsForwardMakesOneJobForAllThatItLeaptOver() {
    var cluster = new CronCluster(EACH_HOUR);
    cluster.runUntil(at("13:30:00"), (it, now) -> it.jobsEnd(true));

    cluster.now = at("20:30:00");
    cluster.runUntil(at("20:45:00"), (it, now) -> it.jobsEnd(true));

    assertThat(cluster.made).containsExactly(name(at("13:00:00")), name(at("20:00:00")));
  }

  @Test
  void aCronOfEachMinuteWhoseJobsFailAtOnceWritesLittleAndKeepsFew() {
    var cluster = new CronCluster(EACH_MINUTE);

    cluster.runUntil(at("13:00:00"), (it, now) -> it.jobsEnd(false));

    assertThat(cluster.made).hasSize(59);
    assertThat(cluster.jobs.size()).isLessThanOrEqualTo(2);
    // A job: made, its start said, its end said, deleted.
    assertThat(cluster.writes()).isLessThanOrEqualTo(4 * 60 + 2);
  }

  @Test
  void anotherScheduleIsFollowedFromTheLastJobOn() {
    var cluster = new CronCluster(EACH_HOUR);
    cluster.runUntil(at("13:30:00"), (it, now) -> it.jobsEnd(true));

    cluster.app.setSpec(ACron.of("schedule: '*/20 * * * *'").getSpec());
    cluster.runUntil(at("13:50:00"), (it, now) -> it.jobsEnd(true));

    assertThat(cluster.made)
        .containsExactly(name(at("13:00:00")), name(at("13:20:00")), name(at("13:40:00")));
  }
}
