package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Walks an instance through the states that a kubelet's probes bring a container into. */
@InSharedHouse
class ProbeStatesTest {

  @Test
  void anInstanceStartsGetsReadyIllAndWellAgainDiesAndComesBack(Apps apps) {
    apps.configMap("state", "starting: a, ill: a, dead: a");
    App app =
        apps.apply(
            "walked",
            """
            startupProbe: {httpGet: {path: "/well?/state/starting"}, periodSeconds: 1, failureThreshold: 100},
            readinessProbe: {httpGet: {path: "/well?/state/ill"}, periodSeconds: 1, failureThreshold: 2, successThreshold: 2},
            livenessProbe: {httpGet: {path: "/well?/state/dead"}, periodSeconds: 1, failureThreshold: 2},
            terminationGracePeriodSeconds: 1,
            volumes: [{name: state, configMap: {name: state}}], volumeMounts: [{name: state, mountPath: /state}]\
            """);

    // It starts: only the startup probe is asked, however ill and dead it is.
    awaitAsserted(() -> {
      assertThat(unhealthy(app))
          .anyMatch(it -> it.startsWith("Startup probe failed") && it.contains("503"));
      assertReady(app, "False", Reasons.PROBING);
    });
    String name = app.names().getFirst();

    // It has started, and is not ready: it is left alone.
    apps.configMap("state", "ill: a");
    awaitAsserted(() -> assertReady(app, "False", Reasons.READINESS_PROBE_FAILED));
    assertThat(unhealthy(app)).noneMatch(it -> it.startsWith("Liveness"));
    assertThat(restarts(app)).isZero();

    // It gets ready, ill, and ready again.
    apps.configMap("state", "well: a");
    awaitAsserted(() -> assertReady(app, "True", Reasons.SERVING));
    apps.configMap("state", "ill: b");
    awaitAsserted(() -> assertReady(app, "False", Reasons.READINESS_PROBE_FAILED));
    apps.configMap("state", "well: b");
    awaitAsserted(() -> assertReady(app, "True", Reasons.SERVING));
    assertThat(restarts(app)).isZero();

    // It dies, is started again, dies again, and is given time.
    apps.configMap("state", "dead: b");
    awaitAsserted(() -> {
      assertReady(app, "False", Reasons.CRASH_LOOP);
      assertThat(App.statusOf(only(app)).lastTermination())
          .isNotNull()
          .extracting(end -> end.reason())
          .isEqualTo(Reasons.LIVENESS_PROBE_FAILED);
    });
    assertThat(restarts(app)).isPositive();

    // It comes back in its place.
    apps.configMap("state", "well: c");
    awaitAsserted(() -> assertReady(app, "True", Reasons.SERVING));
    assertThat(app.names()).containsExactly(name);
    app.awaitCondition("Ready", "True", Reasons.ALL_READY);
  }

  @Test
  void anInstanceThatDoesNotStartInTimeIsStartedAgainAndMayThenSucceed(Apps apps) {
    apps.configMap("state", "starting: a");
    App app =
        apps.apply(
            "late",
            """
            startupProbe: {httpGet: {path: "/well?/state/starting"}, periodSeconds: 1, failureThreshold: 2},
            terminationGracePeriodSeconds: 1,
            volumes: [{name: state, configMap: {name: state}}], volumeMounts: [{name: state, mountPath: /state}]\
            """);
    awaitAsserted(() -> {
      assertReady(app, "False", Reasons.CRASH_LOOP);
      assertThat(App.statusOf(only(app)).lastTermination())
          .isNotNull()
          .extracting(end -> end.reason())
          .isEqualTo(Reasons.STARTUP_PROBE_FAILED);
    });

    apps.configMap("state", "started: a");

    app.awaitReady(1).awaitCondition("Ready", "True", Reasons.ALL_READY);
    assertThat(restarts(app)).isPositive();
  }

  private static WasmInstance only(App app) {
    List<WasmInstance> standing = app.standing();
    assertThat(standing).hasSize(1);
    return standing.getFirst();
  }

  private static void assertReady(App app, String status, String reason) {
    assertThat(Condition.find(App.statusOf(only(app)).conditions(), "Ready"))
        .hasValueSatisfying(
            it -> assertThat(it.status() + "/" + it.reason()).isEqualTo(status + "/" + reason));
  }

  private static int restarts(App app) {
    return App.orZero(App.statusOf(only(app)).restarts());
  }

  /** What Events say of failed probes. */
  private static List<String> unhealthy(App app) {
    return app
        .apps()
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(app.apps().namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> "Unhealthy".equals(event.getReason()))
        .map(Event::getNote)
        .toList();
  }
}
