package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Walks through what Kubernetes documents of a Deployment: it progresses, is complete, fails to
 * progress, is paused, and is available all the while or not.
 */
@InSharedHouse
class ConditionsTest {
  private static final String SPEC =
      """
      replicas: 2, progressDeadlineSeconds: 5, env: [{name: WORD, value: one}],
      readinessProbe: {httpGet: {path: "/well?/state/ill"}, periodSeconds: 1, failureThreshold: 1},
      volumes: [{name: state, configMap: {name: state}}], volumeMounts: [{name: state, mountPath: /state}]\
      """;
  private static final String NEVER_WELL =
      SPEC.replace("{name: WORD, value: one}", "{name: NEVER_WELL, value: a}");

  @Test
  void anAppProgressesIsCompleteFailsAndIsPausedAsADeploymentIs(Apps apps) {
    apps.configMap("state", "ill: a");
    App app = apps.apply("walked", SPEC);

    // Failed, and not available: nothing got ready before the deadline.
    app.awaitCondition("Available", "False", Reasons.MINIMUM_UNAVAILABLE)
        .awaitCondition("Progressing", "False", Reasons.PROGRESS_DEADLINE_EXCEEDED);
    assertThat(app.told("Ready")).startsWith("False/" + Reasons.READINESS_PROBE_FAILED);

    // Complete: it goes on trying, and the deadline is forgotten.
    apps.configMap("state", "fine: a");
    app.awaitCondition("Progressing", "True", Reasons.ROLLED_OUT)
        .awaitCondition("Available", "True", Reasons.MINIMUM_AVAILABLE)
        .awaitCondition("Ready", "True", Reasons.ALL_READY);
    String complete = since(app, "Progressing");

    // Complete it stays while its instances are not available; that is what Available says.
    apps.configMap("state", "ill: b");
    app.awaitCondition("Available", "False", Reasons.MINIMUM_UNAVAILABLE)
        .awaitCondition("Ready", "False", Reasons.READINESS_PROBE_FAILED);
    assertThat(app.told("Progressing")).startsWith("True/" + Reasons.ROLLED_OUT);
    assertThat(since(app, "Progressing")).isEqualTo(complete);
    apps.configMap("state", "fine: b");
    app.awaitCondition("Available", "True", Reasons.MINIMUM_AVAILABLE);
    String available = since(app, "Available");

    // Failed, with the old revision available.
    app.apply(NEVER_WELL);
    app.awaitCondition("Progressing", "False", Reasons.PROGRESS_DEADLINE_EXCEEDED);
    assertThat(app.told("Ready")).startsWith("True/" + Reasons.ALL_READY);

    // Paused: no deadline, no failure.
    app.apply("paused: true, " + NEVER_WELL);
    app.awaitCondition("Progressing", "Unknown", Reasons.PAUSED);

    // Back: complete at once.
    app.apply(SPEC);
    app.awaitReady(2).awaitCondition("Progressing", "True", Reasons.ROLLED_OUT);

    // What cannot be done at all changes nothing that runs.
    app.apply("rollbackTo: {revision: 4711}, " + SPEC);
    app.awaitCondition("Progressing", "False", Reasons.REVISION_NOT_FOUND);
    app.apply(SPEC);
    app.awaitCondition("Progressing", "True", Reasons.ROLLED_OUT);

    // Off: nothing is wanted, and so nothing is missing.
    app.apply(SPEC.replace("replicas: 2", "replicas: 0"));
    app.awaitReady(0)
        .awaitCondition("Ready", "True", Reasons.SCALED_TO_ZERO)
        .awaitCondition("Available", "True", Reasons.MINIMUM_AVAILABLE)
        .awaitCondition("Progressing", "True", Reasons.ROLLED_OUT);
    assertThat(since(app, "Available")).as("available since its last fault").isEqualTo(available);
  }

  @Test
  void anAppThatIsPausedFromTheStartRunsNothingAndSaysSo(Apps apps) {
    App app = apps.apply("asleep", "paused: true, replicas: 2");
    app.awaitCondition("Progressing", "Unknown", Reasons.PAUSED)
        .awaitCondition("Ready", "False", Reasons.PAUSED);
    assertThat(app.instances()).isEmpty();

    app.apply("replicas: 2");
    app.awaitReady(2).awaitCondition("Progressing", "True", Reasons.ROLLED_OUT);
  }

  @Test
  void anAppIsAvailableWithAsManyAsARollOutHasToLeaveIt(Apps apps) {
    String spec =
        "replicas: 4, strategy: {rollingUpdate: {maxUnavailable: 50%%, maxSurge: 0}}, "
            + "readinessProbe: {httpGet: {path: /well}, periodSeconds: 1}, env: [{name: %s, value: a}]";
    App app = apps.apply("half", spec.formatted("WORD")).awaitReady(4);

    app.apply(spec.formatted("NEVER_WELL"));

    awaitAsserted(() -> {
      assertThat(app.told("Available"))
          .isEqualTo(
              "True/MinimumReplicasAvailable: 2 instances are available, at least 2 have to be.");
      assertThat(app.told("Ready")).startsWith("False/" + Reasons.READINESS_PROBE_FAILED);
      assertThat(app.told("Progressing"))
          .startsWith("False/" + Reasons.READINESS_PROBE_FAILED)
          .contains("statuscode: 503");
    });
  }

  private static @Nullable String since(App app, String type) {
    return app.condition(type).map(Condition::lastTransitionTime).orElse(null);
  }
}
