package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.e2e.house.Requests;
import dev.dunlin.e2e.house.ServiceProxy;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Too much of everything, and no storm of writes to the API server. */
@InSharedHouse
class StormTest {

  @Test
  void tenChangesInASecondEndInTheLastOne(Apps apps) {
    String spec = "replicas: 3, env: [{name: WORD, value: v%d}]";
    App app = apps.apply("nervous", spec.formatted(0)).awaitReady(3);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());

    try (var clients = Requests.keepSending(service);
        Seen seen = Seen.of(app)) {
      for (int change = 1; change <= 10; change++) app.apply(spec.formatted(change));
      app.awaitReady(3);

      awaitAsserted(
          () -> assertThat(App.answers(service, "/env?WORD")).isNotEmpty().containsOnly("v10"));
      clients.awaitMore(20);
      assertThat(clients.missed()).isEmpty();
      assertThat(seen.leastReady()).isGreaterThanOrEqualTo(3);
      assertThat(seen.most()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void aNamespaceDeletedUnderLoadIsGoneWithAllThatWasInIt(Apps apps) {
    App app = apps.apply("doomed", "replicas: 6, terminationGracePeriodSeconds: 1").awaitReady(6);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());

    try (var clients = Requests.keepSending(service)) {
      clients.awaitMore(20);
      apps.client().namespaces().withName(apps.namespace()).delete();

      awaitUntil(
          "the namespace has gone",
          () -> apps.client().namespaces().withName(apps.namespace()).get() == null);
      awaitUntil("nobody is sent there", () -> service.targets().isEmpty());
    }
    assertThat(
            apps.client()
                .resources(WasmInstance.class)
                .inNamespace(apps.namespace())
                .list()
                .getItems())
        .isEmpty();
  }

  @Test
  void anAppThatCrashesAtOnceWritesLessAndLess(Apps apps) {
    ApiWrites before = ApiWrites.until(apps);
    App app = apps.apply("crashing", "worker: {}, args: [exit 1]");
    awaitUntil(
        "it has crashed often, and waits longer each time",
        () ->
            app.standing().stream()
                .map(one -> App.statusOf(one).conditions().toString())
                .anyMatch(conditions -> conditions.contains("Starts again 40 s")));

    ApiWrites writes = ApiWrites.until(apps).since(before);
    int runs = 1 + App.orZero(App.statusOf(app.standing().getFirst()).restarts());
    assertThat(app.instances()).hasSize(1);
    assertThat(app.told("Ready")).startsWith("False/");
    // Measured: 8 writes a run, half of them Events, and the app's and the instance's first ones.
    assertThat(writes.ofApps())
        .as("writes of %d runs: %s", runs, writes)
        .isLessThanOrEqualTo(12L * runs);
  }

  @Test
  void aJobOfTenThousandCompletionsKeepsItsPace(Apps apps) {
    ApiWrites before = ApiWrites.until(apps);
    long begun = System.nanoTime();
    try (Seen seen = Seen.of(apps.app("huge"))) {
      App job = apps.apply("huge", "job: {completions: 10000, parallelism: 20}, args: [say done]");

      await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(500))
          .until(() ->
              job.status().job() != null
                  && App.orZero(Objects.requireNonNull(job.status().job()).succeeded()) >= 100);

      ApiWrites writes = ApiWrites.until(apps).since(before);
      long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
      job.patch("\"job\": {\"suspend\": true}");
      assertThat(seen.most()).isLessThanOrEqualTo(20);
      // Measured: 7.7 writes a run, from its making to its deletion, 3.3 of them Events.
      assertThat(writes.ofApps() / (double) seen.ever())
          .as("writes of %d runs: %s", seen.ever(), writes)
          .isLessThan(12);
      // The job itself is looked at once a second, however many of its runs end.
      assertThat(writes.of("wasmapps"))
          .as("writes of the job in %d s: %s", seconds, writes)
          .isLessThanOrEqualTo(5 + 2 * seconds);
      // Twenty at work, twenty that have just ended, and as many on their way out, but not all.
      assertThat(job.instances().size()).isLessThan(100);
    }
  }
}
