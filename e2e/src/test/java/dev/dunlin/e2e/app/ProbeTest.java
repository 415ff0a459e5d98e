package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.e2e.house.HttpCall;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Startup, readiness and liveness, as a kubelet has them. */
@InSharedHouse
class ProbeTest {
  private static final String STATE =
      "volumes: [{name: state, emptyDir: {}}], volumeMounts: [{name: state, mountPath: /state}]";

  @Test
  void anInstanceThatIsNotReadyGetsNoRequestsAndIsNotRestarted(Apps apps) throws IOException {
    apps.configMap("state", "fine: a");
    App app =
        apps.apply(
                "ready",
                """
                readinessProbe: {httpGet: {path: "/well?/state/ill"}, periodSeconds: 1, failureThreshold: 2},
                volumes: [{name: state, configMap: {name: state}}], volumeMounts: [{name: state, mountPath: /state}]\
                """)
            .awaitReady(1);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> service.targets().size() == 1);
    List<String> before = app.names();

    apps.configMap("state", "ill: a");
    awaitUntil("nobody is sent there", () -> service.targets().isEmpty());
    awaitAsserted(() -> assertThat(app.told("Ready")).contains("ReadinessProbeFailed"));
    assertThat(app.events()).contains("Unhealthy");

    apps.configMap("state", "fine: b");
    awaitUntil("it is reached again", () -> service.targets().size() == 1);
    app.awaitReady(1);
    assertThat(app.names()).isEqualTo(before);
    assertThat(restarts(app)).isZero();
    assertThat(service.get("/say?hello").text()).isEqualTo("hello\n");
  }

  @Test
  void anInstanceThatDoesNotLiveIsRestartedInItsPlace(Apps apps) throws IOException {
    App app =
        apps.apply(
                "alive",
                "livenessProbe: {httpGet: {path: \"/well?/state/dead\"}, periodSeconds: 1, failureThreshold: 2}, "
                    + STATE)
            .awaitReady(1);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> service.targets().size() == 1);
    List<String> before = app.names();

    assertThat(service.get("/touch?/state/dead").status()).isEqualTo(200);

    awaitAsserted(() -> {
      assertThat(restarts(app)).isPositive();
      assertThat(App.statusOf(app.standing().getFirst()).lastTermination())
          .isNotNull()
          .extracting(end -> end.reason())
          .isEqualTo("LivenessProbeFailed");
    });
    assertThat(app.names()).isEqualTo(before);
    assertThat(app.events()).contains("Unhealthy", "Killing");
  }

  @Test
  void theOtherProbesWaitForTheStartupProbe(Apps apps) {
    App app =
        apps.apply(
            "startup",
            """
            worker: {}, args: [sleep 3000, touch /state/started, sleep 2000, touch /state/ready, await /never],
            startupProbe: {file: {path: /state/started}, periodSeconds: 1, failureThreshold: 30},
            livenessProbe: {file: {path: /state/started}, periodSeconds: 1, failureThreshold: 1},
            readinessProbe: {file: {path: /state/ready}, periodSeconds: 1}, %s\
            """
                .formatted(STATE));

    app.awaitReady(1);

    assertThat(restarts(app)).isZero();
    assertThat(app.standing()).hasSize(1);
  }

  @Test
  void aCommandThatDoesNotStartInTimeIsRestarted(Apps apps) {
    App app =
        apps.apply(
            "late",
            "worker: {}, args: [await /never], startupProbe: {file: {path: /state/started}, periodSeconds: 1, failureThreshold: 2}, "
                + "terminationGracePeriodSeconds: 1, "
                + STATE);

    awaitAsserted(() -> {
      assertThat(app.standing()).hasSize(1);
      assertThat(restarts(app)).isPositive();
      assertThat(App.statusOf(app.standing().getFirst()).lastTermination())
          .isNotNull()
          .extracting(end -> end.reason())
          .isEqualTo("StartupProbeFailed");
    });
    assertThat(App.orZero(app.status().readyReplicas())).isZero();
  }

  @Test
  void aCommandIsReadyWhileItsFileIsThere(Apps apps) {
    apps.configMap("words", "a: b");
    App app =
        apps.apply(
                "file",
                """
                worker: {}, args: [touch /state/ready, await /words/go, rm /state/ready, await /never],
                readinessProbe: {file: {path: /state/ready}, periodSeconds: 1, failureThreshold: 1},
                volumes: [{name: state, emptyDir: {}}, {name: words, configMap: {name: words}}],
                volumeMounts: [{name: state, mountPath: /state}, {name: words, mountPath: /words}]\
                """)
            .awaitReady(1);

    apps.configMap("words", "go: b");

    awaitUntil("it is not ready", () -> app.standing().stream().noneMatch(App::isReady));
    assertThat(restarts(app)).isZero();
  }

  @Test
  void aProbeThatTakesTooLongHasFailed(Apps apps) {
    App app =
        apps.apply(
            "sleepy",
            "readinessProbe: {httpGet: {path: \"/sleep?5000\"}, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1}");

    awaitAsserted(() -> {
      assertThat(app.standing()).hasSize(1);
      assertThat(app.standing().getFirst())
          .extracting(ProbeTest::readiness)
          .asString()
          .contains("ReadinessProbeFailed");
    });
    assertThat(app.events()).contains("Unhealthy");
  }

  @Test
  void aProbeSendsItsHeadersAndIsNoRequestOfTheOutside(Apps apps) throws IOException {
    App app =
        apps.apply(
                "headers",
                "readinessProbe: {httpGet: {path: \"/env?HTTP_X_PROBE\", httpHeaders: [{name: X-Probe, value: deep}]}, periodSeconds: 1}")
            .awaitReady(1);
    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> service.targets().size() == 1);
    var target = service.targets().getFirst();

    assertThat(HttpCall.get("/env?HTTP_X_PROBE").send(target.host(), target.port()).text())
        .isEqualTo("(unset)\n");
  }

  private static String readiness(WasmInstance instance) {
    return Condition.find(App.statusOf(instance).conditions(), "Ready").toString();
  }

  private static int restarts(App app) {
    return App.orZero(App.statusOf(app.standing().getFirst()).restarts());
  }
}
