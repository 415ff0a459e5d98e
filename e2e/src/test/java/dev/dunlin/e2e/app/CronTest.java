package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.Program;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Jobs at the times of a schedule. All schedules begin together and see the same two minutes pass:
 * the first with an operator, the second without one, which is back a few seconds later.
 */
@InSharedHouse
class CronTest {
  private static final String EACH_MINUTE =
      "cron: {schedule: '* * * * *', job: {}, concurrencyPolicy: %s%s}, args: [%s], terminationGracePeriodSeconds: 1";
  private static final String FOR_EVER = "sleep 600000";

  /** Longer than the deadline of the one schedule that has one. */
  private static final Duration ABSENCE = Duration.ofSeconds(4);

  private static ApiWrites firstWrites = new ApiWrites(Map.of());
  private static String firstReplaced = "";

  @BeforeAll
  static void twoMinutesPass(Apps apps) {
    apps.apply("brief", EACH_MINUTE.formatted("Allow", ", successfulJobsHistoryLimit: 1", "say x"));
    apps.apply("allowed", EACH_MINUTE.formatted("Allow", "", FOR_EVER));
    apps.apply("forbidden", EACH_MINUTE.formatted("Forbid", "", FOR_EVER));
    apps.apply("replaced", EACH_MINUTE.formatted("Replace", "", FOR_EVER));
    apps.apply(
        "failing",
        "cron: {schedule: '* * * * *', job: {backoffLimit: 0}, failedJobsHistoryLimit: 0}, args: [exit 3]");
    apps.apply("suspended", EACH_MINUTE.formatted("Allow", ", suspend: true", "say x"));
    apps.apply("late", EACH_MINUTE.formatted("Allow", ", startingDeadlineSeconds: 1", "say x"));
    App gone = apps.apply("gone", EACH_MINUTE.formatted("Allow", "", FOR_EVER));
    awaitUntil(
        "the operator knows all of them",
        () -> apps.apps().stream().allMatch(app -> app.condition("Ready").isPresent()));
    ApiWrites before = ApiWrites.until(apps);

    until(
        "the first run of each",
        () ->
            List.of("allowed", "forbidden", "replaced", "gone").stream()
                    .allMatch(name -> jobs(apps.app(name)).size() == 1)
                && cron(apps.app("brief")).lastSuccessfulTime() != null
                && cron(apps.app("late")).lastSuccessfulTime() != null
                && cron(apps.app("failing")).lastScheduleTime() != null
                && cron(apps.app("failing")).active().isEmpty());
    firstWrites = ApiWrites.until(apps).since(before);
    firstReplaced = jobs(apps.app("replaced")).getFirst();
    gone.delete();

    Program operator = apps.inhabitants().operator();
    awaitUntil("its jobs have gone", () -> jobs(gone).isEmpty() && gone.instances().isEmpty());
    operator.kill();
    Instant missed = Instant.now().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    until("the second time has come", () -> Instant.now().isAfter(missed.plus(ABSENCE)));
    operator.start();
  }

  @Test
  void aJobIsMadeAtEachTimeAndItsLastSuccessesAreKept(Apps apps) {
    App brief = apps.app("brief");

    awaitAsserted(() -> {
      assertThat(cron(brief).lastSuccessfulTime()).isNotNull();
      assertThat(brief.events().stream().filter("SuccessfulCreate"::equals).count())
          .isGreaterThanOrEqualTo(1);
      assertThat(jobs(brief)).hasSize(1);
      assertThat(minutes(cron(brief).lastScheduleTime()))
          .isEqualTo(Long.parseLong(jobs(brief).getFirst().substring("brief-".length())));
    });
    assertThat(jobs(brief).getFirst()).matches("brief-[0-9]{8}");
  }

  @Test
  void allowedJobsOverlapAndTheTimeThatNoOperatorSawIsMadeUpFor(Apps apps) {
    App allowed = apps.app("allowed");

    awaitUntil("both run", () -> jobs(allowed).size() >= 2);

    assertThat(jobs(allowed).stream().map(name -> name.substring("allowed-".length())))
        .doesNotHaveDuplicates();
    awaitAsserted(() -> assertThat(cron(allowed).active()).isEqualTo(jobs(allowed)));
  }

  @Test
  void aJobUnderWayForbidsTheNext(Apps apps) {
    App forbidden = apps.app("forbidden");

    awaitAsserted(() -> assertThat(forbidden.events()).contains("JobAlreadyActive"));

    assertThat(jobs(forbidden)).hasSize(1);
    assertThat(cron(forbidden).active()).isEqualTo(jobs(forbidden));
    assertThat(forbidden.told("Ready")).startsWith("True/JobAlreadyActive");
  }

  @Test
  void theNextJobReplacesTheOneUnderWay(Apps apps) {
    App replaced = apps.app("replaced");

    awaitUntil(
        "the first was replaced",
        () -> jobs(replaced).size() == 1 && !jobs(replaced).contains(firstReplaced));
    awaitUntil(
        "its instance has gone", () -> replaced.apps().app(firstReplaced).instances().isEmpty());
  }

  @Test
  void noFailureIsKeptWhereNoneIsWanted(Apps apps) {
    App failing = apps.app("failing");

    awaitUntil("no failure is kept", () -> jobs(failing).isEmpty());

    assertThat(cron(failing).lastScheduleTime()).isNotNull();
    assertThat(cron(failing).lastSuccessfulTime()).isNull();
  }

  @Test
  void aSuspendedScheduleMakesNothing(Apps apps) {
    assertThat(jobs(apps.app("suspended"))).isEmpty();
    assertThat(apps.app("suspended").told("Suspended")).startsWith("True");
  }

  @Test
  void aTimeThatIsPastItsDeadlineIsMissed(Apps apps) {
    App late = apps.app("late");

    awaitAsserted(() -> assertThat(late.events()).contains("MissSchedule"));
  }

  @Test
  void theCommandInTheDocumentsMakesAJobByHand(Apps apps) throws IOException {
    apps.apply("nightly", "cron: {schedule: '0 0 1 1 *', job: {backoffLimit: 2}}, args: [say x]")
        .awaitCondition("Ready", "True", "ScheduleActive");

    apps.kubectl().inShell(Repository.codeAfter("docs/jobs.md", "### Run it now"));

    App byHand = apps.app("nightly-by-hand").awaitCondition("Complete", "True", "JobComplete");
    assertThat(byHand.get().getSpec().job()).isNotNull();
    assertThat(jobs(apps.app("nightly"))).isEmpty();
  }

  @Test
  void aTimeCostsNoMoreWritesThanItsJobsNeed() {
    // Measured: 123 for seven jobs. Each is made, says twice how it goes, has an instance with five
    // writes of its own and Events; its schedule says twice that it is there and how it ended.
    assertThat(firstWrites.ofApps())
        .as("writes at the first time: %s", firstWrites)
        .isBetween(7L, 7 * 25L);
  }

  /** The names of its jobs. */
  private static List<String> jobs(App cron) {
    return cron
        .apps()
        .client()
        .resources(WasmApp.class)
        .inNamespace(cron.apps().namespace())
        .withLabel("dunlin.dev/cron", cron.name())
        .list()
        .getItems()
        .stream()
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .map(job -> job.getMetadata().getName())
        .sorted()
        .toList();
  }

  private static CronStatus cron(App app) {
    return Optional.ofNullable(app.status().cron())
        .orElseGet(() -> new CronStatus(List.of(), null, null));
  }

  private static long minutes(@Nullable String time) {
    return time == null ? -1 : Duration.ofSeconds(Instant.parse(time).getEpochSecond()).toMinutes();
  }

  private static void until(String what, Callable<Boolean> state) {
    await(what).atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(500)).until(state);
  }
}
