package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.e2e.house.Requests;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a new revision takes the old one's place, and how an old one comes back. */
@InSharedHouse
class RevisionTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0, 5, 4",
    "0, 1, 4, 3",
    "2, 1, 6, 3",
    "100%, 0%, 8, 4",
    "25%, 25%, 5, 3",
    "0, 100%, 4, 0"
  })
  void aRollOutKeepsBetweenItsSurgeAndItsFloor(
      String surge, String unavailable, int most, int least, Apps apps) {
    String spec =
        "replicas: 4, strategy: {rollingUpdate: {maxSurge: %s, maxUnavailable: %s}}, args: [%s]";
    App app = apps.apply("kept", spec.formatted(surge, unavailable, "one")).awaitReady(4);
    List<String> old = app.names();

    try (Seen seen = Seen.of(app)) {
      app.apply(spec.formatted(surge, unavailable, "two"));
      awaitAsserted(() -> assertThat(app.names()).hasSize(4).doesNotContainAnyElementsOf(old));
      app.awaitReady(4);

      assertThat(seen.most()).isBetween(4, most);
      assertThat(seen.leastReady()).isGreaterThanOrEqualTo(least);
    }
  }

  @Test
  void allOldInstancesEndBeforeNewOnesStartWhereTheStrategyIsRecreate(Apps apps) {
    String spec = "worker: {}, replicas: 3, strategy: {type: Recreate}, args: [%s]";
    App app = apps.apply("once", spec.formatted("await /never, one")).awaitReady(3);
    List<String> old = app.names();

    try (Seen seen = Seen.of(app)) {
      app.apply(spec.formatted("await /never, two"));
      awaitAsserted(() -> assertThat(app.names()).hasSize(3).doesNotContainAnyElementsOf(old));
      app.awaitReady(3);

      assertThat(seen.mostRevisions()).isEqualTo(1);
    }
  }

  @Test
  void aNewInstanceHasToBeReadyForAWhileBeforeTheNextOldOneGoes(Apps apps) {
    String spec =
        "replicas: 2, minReadySeconds: 6, strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}, args: [%s]";
    App app = apps.apply("slow", spec.formatted("one"));
    awaitAsserted(() -> {
      assertThat(app.status().readyReplicas()).isEqualTo(2);
      assertThat(App.orZero(app.status().availableReplicas())).isZero();
    });
    awaitUntil("both are available", () -> App.orZero(app.status().availableReplicas()) == 2);

    try (Seen seen = Seen.of(app)) {
      app.apply(spec.formatted("two"));
      awaitAsserted(() -> {
        assertThat(app.status().readyReplicas()).isEqualTo(3);
        assertThat(app.status().updatedReplicas()).isEqualTo(1);
      });
      app.awaitReady(2);
      assertThat(seen.leastReady()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aPausedAppKeepsItsRevisionUntilItGoesOn(Apps apps) throws IOException {
    String env = "env: [{name: WORD, value: %s}]";
    App app = apps.apply("paused", "replicas: 2, " + env.formatted("one")).awaitReady(2);
    String revision = app.instances().getFirst().getSpec().revision();
    var service = app.service();

    app.apply("paused: true, replicas: 3, " + env.formatted("two"));
    app.awaitCondition("Progressing", "Unknown", Reasons.PAUSED);
    awaitUntil("it scales all the same", () -> app.standing().size() == 3);
    String lost = app.names().getFirst();
    app.itsInstances().withField("metadata.name", lost).delete();
    awaitAsserted(() -> assertThat(app.names()).hasSize(3).doesNotContain(lost));
    assertThat(app.standing()).allMatch(one -> one.getSpec().revision().equals(revision));
    awaitAsserted(
        () -> assertThat(App.answers(service, "/env?WORD")).isNotEmpty().containsOnly("one"));

    app.apply("replicas: 3, " + env.formatted("two"));
    app.awaitReady(3);
    awaitAsserted(
        () -> assertThat(App.answers(service, "/env?WORD")).isNotEmpty().containsOnly("two"));
  }

  @Test
  void anEarlierRevisionRunsForAsLongAsTheSpecPinsIt(Apps apps) throws IOException {
    String env = "env: [{name: WORD, value: %s}]";
    App app = apps.apply("back", env.formatted("one")).awaitReady(1);
    app.apply(env.formatted("two"));
    app.awaitReady(1);
    awaitUntil("it is the second", () -> Objects.equals(app.status().revisionNumber(), 2L));
    var service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());

    try (var clients = Requests.keepSending(service)) {
      clients.awaitMore(20);
      app.apply("rollbackTo: {revision: 1}, " + env.formatted("two"));
      awaitAsserted(() -> assertThat(App.answers(service, "/env?WORD")).containsExactly("one"));
      app.awaitReady(1);
      assertThat(app.get().getSpec().env().getFirst().value()).isEqualTo("two");

      app.apply(env.formatted("two"));
      awaitAsserted(() -> assertThat(App.answers(service, "/env?WORD")).containsExactly("two"));
      clients.awaitMore(20);
      clients.tell("rolled back and forth");
      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void aRevisionThatIsNotThereChangesNothingAndIsNamed(Apps apps) {
    App app = apps.apply("lost", "replicas: 2").awaitReady(2);
    List<String> before = app.names();

    app.apply("replicas: 2, rollbackTo: {revision: 77}");

    awaitAsserted(() ->
        assertThat(app.told("Progressing")).contains(Reasons.REVISION_NOT_FOUND).contains("77"));
    assertThat(app.names()).isEqualTo(before);
    app.apply("replicas: 2");
    app.awaitCondition("Ready", "True", Reasons.ALL_READY).awaitReady(2);
    assertThat(app.names()).isEqualTo(before);
  }

  @Test
  void onlySoManyOldRevisionsAreKept(Apps apps) {
    String spec = "revisionHistoryLimit: 2, replicas: 1, args: [\"%d\"]";
    App app = apps.apply("history", spec.formatted(1)).awaitReady(1);

    for (int template = 2; template <= 5; template++) {
      app.apply(spec.formatted(template));
      app.awaitReady(1);
    }

    awaitAsserted(() ->
        assertThat(revisions(app))
            .extracting(ControllerRevision::getRevision)
            .containsExactlyInAnyOrder(3L, 4L, 5L));
    app.apply(spec.formatted(4));
    app.awaitReady(1);
    awaitAsserted(() ->
        assertThat(revisions(app))
            .extracting(ControllerRevision::getRevision)
            .containsExactlyInAnyOrder(3L, 5L, 6L));
  }

  private static List<ControllerRevision> revisions(App app) {
    return app.apps()
        .client()
        .apps()
        .controllerRevisions()
        .inNamespace(app.apps().namespace())
        .withLabel(Api.APP_LABEL, app.name())
        .list()
        .getItems();
  }
}
