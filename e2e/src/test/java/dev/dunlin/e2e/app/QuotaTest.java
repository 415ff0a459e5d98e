package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.api.v1alpha1.WasmQuotaStatus;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a namespace may take. */
@InSharedHouse
class QuotaTest {

  @Test
  void instancesBeyondTheNamespacesMemoryAreNotMadeUntilThereIsRoom(Apps apps) {
    quota(apps, "hard: {memory: 256Mi}");
    String room =
        "worker: {}, args: [await /never], terminationGracePeriodSeconds: 1, resources: {limits: {memory: 64Mi}}, replicas: %d";
    App first = apps.apply("first", room.formatted(3)).awaitReady(3);
    App second = apps.apply("second", room.formatted(2));

    second.awaitCondition("Ready", "False", "QuotaExceeded");
    awaitUntil("one fits", () -> second.standing().size() == 1);
    assertThat(second.told("Ready"))
        .contains("requested: memory=64Mi", "used: memory=256Mi", "limited: memory=256Mi");

    first.apply(room.formatted(2));
    second.awaitReady(2);
    awaitAsserted(
        () -> assertThat(Objects.requireNonNull(used(apps).used()).memory()).hasToString("256Mi"));
  }

  @Test
  void theNumberOfInstancesIsBounded(Apps apps) {
    quota(apps, "hard: {instances: 2}");

    App app = apps.apply("many", "worker: {}, args: [await /never], replicas: 5");

    app.awaitCondition("Ready", "False", "QuotaExceeded");
    awaitUntil("two are there", () -> app.standing().size() == 2);
    apps.client().resources(WasmQuota.class).inNamespace(apps.namespace()).delete();
    app.awaitReady(5);
  }

  @Test
  void anAppThatStatesNothingGetsTheDefaults(Apps apps) {
    quota(
        apps, "perInstance: {default: {memory: 32Mi, cpu: 500m}, defaultRequest: {memory: 16Mi}}");

    App app = apps.apply("silent", "replicas: 1").awaitReady(1);

    var resources = Objects.requireNonNull(app.standing().getFirst().getSpec().resources());
    assertThat(Objects.requireNonNull(resources.limits()).memory()).hasToString("32Mi");
    assertThat(Objects.requireNonNull(resources.requests()).memory()).hasToString("16Mi");
  }

  @Test
  void anAppThatAsksForMoreThanOneInstanceMayIsHeld(Apps apps) {
    quota(apps, "perInstance: {max: {memory: 32Mi}}");

    App app = apps.apply("greedy", "resources: {limits: {memory: 33Mi}}");
    app.awaitCondition("Ready", "False", "LimitsExceeded");
    assertThat(app.instances()).isEmpty();

    app.apply("resources: {limits: {memory: 32Mi}}");
    app.awaitReady(1);
  }

  @Test
  void anOldRevisionGoesOnWhereTheNewOneIsBeyondTheQuota(Apps apps) {
    App app =
        apps.apply("steady", "replicas: 2, resources: {limits: {memory: 64Mi}}").awaitReady(2);
    quota(apps, "hard: {memory: 128Mi}");

    app.apply("replicas: 2, resources: {limits: {memory: 65Mi}}");

    awaitAsserted(
        () -> assertThat(app.told("Ready") + app.told("Progressing")).contains("QuotaExceeded"));
    assertThat(app.standing().stream().filter(App::isReady)).hasSizeGreaterThanOrEqualTo(1);
  }

  @Test
  void aResourceQuotaOfTheClusterCountsAppsAndInstances(Apps apps) {
    apps.applyYaml(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: few}
        spec: {hard: {count/wasmapps.dunlin.dev: 1, count/wasminstances.dunlin.dev: 2}}
        """);
    var few = apps.client().resourceQuotas().inNamespace(apps.namespace()).withName("few");
    awaitUntil("it counts", () -> few.require().getStatus().getUsed() != null);
    App app = apps.apply("counted", "replicas: 3");

    app.awaitCondition("Ready", "False", Reasons.INSTANCE_REFUSED);
    assertThat(app.told("Ready")).contains("exceeded quota: few");
    awaitUntil("two are ready", () -> app.standing().stream().filter(App::isReady).count() == 2);
    assertThatThrownBy(() -> apps.apply("second", "replicas: 1"))
        .hasMessageContaining("exceeded quota: few");
    few.delete();
    app.awaitReady(3);
  }

  private static void quota(Apps apps, String spec) {
    apps.applyYaml(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmQuota
        metadata: {name: ceiling}
        spec: {%s}
        """
            .formatted(spec));
    awaitUntil("the quota is counted", () -> used(apps).observedGeneration() != null);
  }

  private static WasmQuotaStatus used(Apps apps) {
    return Objects.requireNonNullElse(
        apps.client()
            .resources(WasmQuota.class)
            .inNamespace(apps.namespace())
            .withName("ceiling")
            .require()
            .getStatus(),
        new WasmQuotaStatus(null, null, null));
  }
}
