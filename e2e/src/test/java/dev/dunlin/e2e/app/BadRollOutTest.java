package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.e2e.house.Requests;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A roll-out that cannot end: what ran before goes on, and says why. */
@InSharedHouse
class BadRollOutTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an image that does not exist     | image: "%s/absent:1" | ImageNotFound
          an instance that is never ready  | image: "registry.example.com/told:1", env: [{name: NEVER_WELL, value: a}], readinessProbe: {httpGet: {path: /well}, periodSeconds: 1} | ReadinessProbeFailed
          more memory than any node has    | image: "registry.example.com/told:1", resources: {limits: {memory: 1Ti}} | Unschedulable
          one that traps at its start      | image: "registry.example.com/trap:1", readinessProbe: {httpGet: {path: /}, periodSeconds: 1} | ReadinessProbeFailed
          no WebAssembly at all            | image: "registry.example.com/text:1" | NotWasm
          """)
  void theOldRevisionKeepsServing(String what, String bad, String reason, Apps apps) {
    apps.house()
        .registry()
        .pushModule("text:1", "Hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String good = "image: \"registry.example.com/told:1\", replicas: 2";
    App app = apps.apply("steady", good).awaitReady(2);
    List<String> before = app.names();
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());

    try (var clients = Requests.keepSending(service)) {
      clients.awaitMore(20);
      app.apply("replicas: 2, " + bad.replace("%s", apps.house().registry().address()));
      awaitAsserted(() ->
          assertThat(app.told("Ready") + app.told("Progressing") + app.told("Resolved"))
              .as(what)
              .contains(reason));
      assertThat(
              app.standing().stream().filter(App::isReady).map(one -> one.getMetadata().getName()))
          .containsExactlyInAnyOrderElementsOf(before);

      app.apply(good);
      app.awaitReady(2).awaitCondition("Ready", "True", Reasons.ALL_READY);
      assertThat(app.names()).containsExactlyInAnyOrderElementsOf(before);
      clients.awaitMore(20);
      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void aWorkerThatTrapsAtItsStartLeavesTheOldOnesAlone(Apps apps) {
    String good = "worker: {}, replicas: 2, args: [await /never]";
    App app = apps.apply("steady", good).awaitReady(2);
    List<String> before = app.names();

    try (Seen seen = Seen.of(app)) {
      app.apply("image: \"registry.example.com/trap:1\", worker: {}, replicas: 2");
      awaitAsserted(() -> {
        assertThat(app.standing()).anyMatch(one -> App.orZero(App.statusOf(one).restarts()) >= 3);
        assertThat(app.told("Progressing")).containsAnyOf(Reasons.TRAP, Reasons.CRASH_LOOP);
      });
      assertThat(app.names()).containsAll(before);
      assertThat(seen.mostReady()).as("none of the new ones was ever ready").isEqualTo(2);
    }

    app.apply(good);
    app.awaitReady(2);
    assertThat(app.names()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void anOldInstanceThatIsDeletedMeanwhileIsMadeAgain(Apps apps) throws IOException {
    String good = "replicas: 2, env: [{name: WORD, value: good}]";
    App app = apps.apply("steady", good).awaitReady(2);
    ServiceProxy service = app.service();
    String absent = "image: \"%s/absent:1\", ".formatted(apps.house().registry().address());
    app.apply(absent + good);
    app.awaitCondition("Progressing", "False", Reasons.IMAGE_NOT_FOUND);

    String lost = app.names().getFirst();
    app.itsInstances().withField("metadata.name", lost).delete();

    awaitAsserted(() -> {
      assertThat(app.names()).hasSize(2).doesNotContain(lost);
      assertThat(app.standing()).allMatch(App::isReady);
      assertThat(App.answers(service, "/env?WORD")).isNotEmpty().containsOnly("good");
    });
    app.awaitCondition("Progressing", "False", Reasons.IMAGE_NOT_FOUND);
  }

  @Test
  void aRollOutWithoutProgressSaysSoAndEndsOnceItCan(Apps apps) {
    String spec =
        "replicas: 1, progressDeadlineSeconds: 4, readinessProbe: {httpGet: {path: /well}, periodSeconds: 1}";
    App app = apps.apply("stuck", spec).awaitReady(1);

    app.apply(spec + ", env: [{name: NEVER_WELL, value: a}]");
    app.awaitCondition("Progressing", "False", Reasons.PROGRESS_DEADLINE_EXCEEDED);
    assertThat(app.status().availableReplicas()).isEqualTo(1);

    app.apply(spec + ", env: [{name: OTHER, value: a}]");
    app.awaitReady(1).awaitCondition("Progressing", "True", Reasons.ROLLED_OUT);
  }
}
