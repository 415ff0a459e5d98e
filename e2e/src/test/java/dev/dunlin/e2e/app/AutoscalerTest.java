package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The HorizontalPodAutoscaler that an app asks for, and others'. */
@InSharedHouse
class AutoscalerTest {
  private static final String AUTOSCALING = "Autoscaling";
  private static final String SPEC =
      "autoscaling: {maxReplicas: %d, metrics: [{name: requests_per_second, averageValue: 2500m}, {name: cpu_cores, averageValue: '0.50'}]%s}";
  private static final String CALM =
      ", behavior: {scaleDown: {stabilizationWindowSeconds: 30, selectPolicy: Min}, scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 60}]}}";

  @Test
  void itComesChangesAndGoesWithItsField(Apps apps) {
    App app = apps.apply("busy", SPEC.formatted(3, CALM)).awaitReady(1);

    app.awaitCondition(AUTOSCALING, "True", Reasons.AUTOSCALER_READY);
    assertThat(apps.kubectl().run("get", "hpa", "busy")).contains("WasmApp/busy");
    assertThat(scaler(apps, "{.spec.minReplicas} {.spec.maxReplicas}")).isEqualTo("1 3");
    assertThat(scaler(apps, "{.spec.behavior.scaleDown.stabilizationWindowSeconds}"))
        .isEqualTo("30");
    String uid = scaler(apps, "{.metadata.uid}");

    String before = app.names().getFirst();
    app.apply(SPEC.formatted(5, ", behavior: {scaleUp: {stabilizationWindowSeconds: 0}}"));
    awaitUntil(
        "it is changed",
        () ->
            scaler(apps, "{.spec.maxReplicas} {.spec.behavior.scaleDown}")
                .equals(
                    "5 {\"policies\":[{\"periodSeconds\":15,\"type\":\"Percent\",\"value\":100}],\"selectPolicy\":\"Max\"}"));
    app.apply(SPEC.formatted(5, ""));
    awaitUntil("its behavior is gone", () -> scaler(apps, "{.spec.behavior}").isEmpty());
    assertThat(scaler(apps, "{.metadata.uid}")).isEqualTo(uid);
    assertThat(app.names()).as("no roll-out").containsExactly(before);

    apps.kubectl().run("patch", "hpa", "busy", "--type=merge", "-p={\"spec\":{\"maxReplicas\":9}}");
    awaitUntil("it is put back", () -> scaler(apps, "{.spec.maxReplicas}").equals("5"));
    apps.kubectl().run("delete", "hpa", "busy");
    awaitUntil(
        "another one is there",
        () -> exists(apps, "busy") && !scaler(apps, "{.metadata.uid}").equals(uid));

    app.apply("replicas: 1");
    awaitUntil("it is gone", () -> !exists(apps, "busy"));
    awaitAsserted(() -> assertThat(app.told(AUTOSCALING)).isEqualTo("(none)"));

    app.apply(SPEC.formatted(3, ""));
    awaitUntil("it is there again", () -> exists(apps, "busy"));
    app.delete();
    awaitUntil("it goes with its app", () -> !exists(apps, "busy"));
  }

  @Test
  void whatIsRightIsWrittenOnce(Apps apps) {
    App app = apps.apply("busy", SPEC.formatted(3, CALM)).awaitReady(1);
    app.awaitCondition(AUTOSCALING, "True", Reasons.AUTOSCALER_READY);
    app.patch("\"progressDeadlineSeconds\":900");
    app.awaitReady(1);

    assertThat(scaler(apps, "{range .metadata.managedFields[*]}{.manager}/{.subresource} {end}"))
        .as("who patched it")
        .doesNotContain("dunlin-operator");
  }

  @Test
  void oneMadeByHandKeepsTheAppsOwnFromBeingMade(Apps apps) {
    byHand(apps, "by-hand", "busy");
    App app = apps.apply("busy", SPEC.formatted(3, "")).awaitReady(1);

    app.awaitCondition(AUTOSCALING, "False", Reasons.AUTOSCALER_TAKEN)
        .awaitCondition("Ready", "True", Reasons.ALL_READY);
    assertThat(app.told(AUTOSCALING)).contains("HorizontalPodAutoscaler by-hand scales this app");
    assertThat(exists(apps, "busy")).isFalse();

    apps.kubectl().run("delete", "hpa", "by-hand");
    app.awaitCondition(AUTOSCALING, "True", Reasons.AUTOSCALER_READY);
    assertThat(exists(apps, "busy")).isTrue();
    assertThat(app.events()).contains(Reasons.AUTOSCALER_TAKEN, Reasons.AUTOSCALER_READY);
  }

  @Test
  void oneOfTheAppsNameThatScalesSomethingElseIsNotTouched(Apps apps) {
    byHand(apps, "busy", "other");
    App app = apps.apply("busy", SPEC.formatted(3, "")).awaitReady(1);

    app.awaitCondition(AUTOSCALING, "False", Reasons.AUTOSCALER_TAKEN);
    assertThat(scaler(apps, "{.spec.scaleTargetRef.name}")).isEqualTo("other");

    apps.kubectl().run("delete", "hpa", "busy");
    app.awaitCondition(AUTOSCALING, "True", Reasons.AUTOSCALER_READY);
    assertThat(scaler(apps, "{.spec.scaleTargetRef.name}")).isEqualTo("busy");
  }

  @Test
  void whatTheApiServerRefusesIsSaidAndTriedAgain(Apps apps) {
    apps.kubectl()
        .run("create", "quota", "none", "--hard=count/horizontalpodautoscalers.autoscaling=0");
    apps.kubectl().run("wait", "--for=jsonpath={.status.used}", "quota/none", "--timeout=60s");

    App app = apps.apply("busy", SPEC.formatted(3, "")).awaitReady(1);

    app.awaitCondition(AUTOSCALING, "False", Reasons.AUTOSCALER_REFUSED)
        .awaitCondition("Ready", "True", Reasons.ALL_READY);
    assertThat(app.told(AUTOSCALING)).contains("exceeded quota: none");
    apps.kubectl().run("delete", "quota", "none");
    app.awaitCondition(AUTOSCALING, "True", Reasons.AUTOSCALER_READY);
  }

  @Test
  void anAppAtZeroKeepsAStandbyThatEverybodyMayTakeAwayAndARequestWakes(Apps apps)
      throws IOException {
    String spec =
        "http: {idleAfterSeconds: 1}, autoscaling: {minReplicas: 0, maxReplicas: 3, metrics: [{name: cpu_cores, averageValue: 1}]}";
    App app = apps.apply("busy", spec);
    awaitZero(app);
    long generation = app.get().getMetadata().getGeneration();

    String standby = app.names().getFirst();
    app.itsInstances().withField("metadata.name", standby).delete();
    awaitAsserted(() -> assertThat(app.names()).hasSize(1).doesNotContain(standby));
    awaitZero(app);
    app.apply(spec + ", env: [{name: WORD, value: new}]");
    app.awaitCondition("Progressing", "True", Reasons.ROLLED_OUT);
    awaitZero(app);
    assertThat(app.get().getMetadata().getGeneration())
        .as("only the template was written")
        .isEqualTo(generation + 1);

    ServiceProxy service = app.service();
    awaitUntil("it is reached", () -> !service.targets().isEmpty());
    String woken = app.names().getFirst();
    awaitAsserted(() -> {
      assertThat(App.answers(service, "/env?WORD")).containsOnly("new");
      assertThat(replicas(apps)).isEqualTo("1");
    });
    awaitZero(app);
    assertThat(app.names()).as("nothing was started").containsExactly(woken);
    assertThat(app.events()).contains(Reasons.SCALED_TO_ZERO);
  }

  private static void awaitZero(App app) {
    app.awaitReady(0).awaitCondition("Ready", "True", Reasons.SCALED_TO_ZERO);
    awaitAsserted(() -> {
      assertThat(app.get().getSpec().replicas()).isZero();
      assertThat(app.names()).hasSize(1);
    });
  }

  @Test
  void withoutMinReplicasZeroAnAppAtZeroIsOff(Apps apps) {
    App app = apps.apply("busy", SPEC.formatted(3, "")).awaitReady(1);

    apps.kubectl().run("scale", "wasmapp/busy", "--replicas=0");

    app.awaitReady(0).awaitCondition("Ready", "True", Reasons.SCALED_TO_ZERO);
    assertThat(app.names()).isEmpty();
    awaitUntil(
        "its autoscaler rests",
        () ->
            scaler(apps, "{.status.conditions[?(@.type=='ScalingActive')].reason}")
                .equals("ScalingDisabled"));
    assertThat(replicas(apps)).isEqualTo("0");
  }

  /** What docs/autoscaling.md says of manifests; kubectl scale writes as an autoscaler does. */
  @Test
  void aManifestWithoutReplicasKeepsWhatTheAutoscalerSet(Apps apps) {
    for (var how : new String[] {"--server-side=false", "--server-side"}) {
      apply(apps, how, "");
      assertThat(replicas(apps)).as("by default").isEqualTo("1");
      apps.kubectl().run("scale", "wasmapp/busy", "--replicas=3");

      apply(apps, how, "minReadySeconds: 1");
      assertThat(replicas(apps)).as("not in the manifest, " + how).isEqualTo("3");

      apps.app("busy").delete();
      awaitUntil("it is gone", () -> !apps.app("busy").exists());
    }
  }

  @Test
  void replicasTakenOutOfAManifestStartFromOneOnlyByClientSideApply(Apps apps) {
    apply(apps, "--server-side=false", "replicas: 2");
    apps.kubectl().run("scale", "wasmapp/busy", "--replicas=3");
    apply(apps, "--server-side=false", "");
    assertThat(replicas(apps)).as("kubectl takes out what it had put in").isEqualTo("1");
    apps.app("busy").delete();
    awaitUntil("it is gone", () -> !apps.app("busy").exists());

    apply(apps, "--server-side", "replicas: 2");
    apps.kubectl().run("scale", "wasmapp/busy", "--replicas=3");
    apply(apps, "--server-side", "");
    assertThat(replicas(apps)).as("it is the autoscaler's by now").isEqualTo("3");
  }

  private static void apply(Apps apps, String how, String field) {
    var answer =
        apps.kubectl()
            .call(
                """
                apiVersion: dunlin.dev/v1alpha1
                kind: WasmApp
                metadata: {name: busy}
                spec:
                  image: registry.example.com/told:1
                  paused: true
                  %s
                """
                    .formatted(field),
                "apply",
                how,
                "-f",
                "-");
    assertThat(answer.ok()).as(answer.err()).isTrue();
  }

  private static String replicas(Apps apps) {
    return apps.kubectl().run("get", "wasmapp", "busy", "-o", "jsonpath={.spec.replicas}");
  }

  private static void byHand(Apps apps, String name, String app) {
    apps.kubectl()
        .apply(
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: %s}
            spec:
              scaleTargetRef: {apiVersion: dunlin.dev/v1alpha1, kind: WasmApp, name: %s}
              maxReplicas: 2
              metrics:
                - type: External
                  external: {metric: {name: none}, target: {type: AverageValue, averageValue: "1"}}
            """
                .formatted(name, app));
  }

  private static boolean exists(Apps apps, String name) {
    return apps.kubectl().call("", "get", "hpa", name).ok();
  }

  private static String scaler(Apps apps, String path) {
    return apps.kubectl().run("get", "hpa", "busy", "-o", "jsonpath=" + path);
  }
}
