package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.WasmApp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Jobs at the times of a schedule. All schedules of a test run at the same minutes. */
@InSharedHouse
class CronTest {
  private static final Duration TWO_MINUTES = Duration.ofSeconds(150);

  @Test
  void aScheduleMakesItsJobsAsItsPolicySays(Apps apps) {
    String every =
        "cron: {schedule: '* * * * *', job: {}, concurrencyPolicy: %s%s}, args: [%s], terminationGracePeriodSeconds: 1";
    App brief =
        apps.apply(
            "brief", every.formatted("Allow", ", successfulJobsHistoryLimit: 1", "say done"));
    App allowed = apps.apply("allowed", every.formatted("Allow", "", "sleep 600000"));
    App forbidden = apps.apply("forbidden", every.formatted("Forbid", "", "sleep 600000"));
    App replaced = apps.apply("replaced", every.formatted("Replace", "", "sleep 600000"));
    App failing =
        apps.apply(
            "failing",
            "cron: {schedule: '* * * * *', job: {backoffLimit: 0}, failedJobsHistoryLimit: 0}, args: [exit 3]");
    App suspended =
        apps.apply("suspended", every.formatted("Allow", ", suspend: true", "say done"));

    until(
        "the first run of each",
        () -> !jobs(allowed).isEmpty() && !jobs(forbidden).isEmpty() && !jobs(replaced).isEmpty());
    String first = jobs(replaced).getFirst();
    until("the second run", () -> jobs(allowed).size() == 2);
    awaitUntil(
        "the first was replaced",
        () -> jobs(replaced).size() == 1 && !jobs(replaced).contains(first));
    awaitUntil(
        "one success is kept",
        () -> jobs(brief).size() == 1 && cron(brief).lastSuccessfulTime() != null);
    awaitUntil(
        "no failure is kept",
        () -> jobs(failing).isEmpty() && cron(failing).lastScheduleTime() != null);

    assertThat(jobs(forbidden)).hasSize(1);
    assertThat(cron(forbidden).active()).isEqualTo(jobs(forbidden));
    assertThat(forbidden.events()).contains("JobAlreadyActive");
    assertThat(cron(allowed).active()).hasSize(2);
    assertThat(jobs(suspended)).isEmpty();
    assertThat(jobs(brief).getFirst()).matches("brief-[0-9]{8}");
  }

  @Test
  void whatAScheduleMadeGoesWithIt(Apps apps) {
    App cron =
        apps.apply(
            "gone",
            "cron: {schedule: '* * * * *', job: {}}, args: [sleep 600000], terminationGracePeriodSeconds: 1");
    until("a job runs", () -> !jobs(cron).isEmpty());

    cron.delete();

    awaitUntil("its jobs have gone", () -> jobs(cron).isEmpty() && cron.instances().isEmpty());
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

  private static void until(String what, Callable<Boolean> state) {
    await(what).atMost(TWO_MINUTES).pollInterval(Duration.ofMillis(500)).until(state);
  }
}
