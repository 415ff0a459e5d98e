package dev.dunlin.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Resources;
import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.operator.placement.Room;
import dev.dunlin.operator.quota.NamespaceQuota.Admission;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamespaceQuotaTest {
  private static final long MIB = 1 << 20;
  private static final Room USED = new Room(960 * MIB, 750, 4);

  private static WasmQuota quota(String name, String spec) {
    return Serialization.unmarshal(
        "---\nmetadata: {name: %s, namespace: ns}\nspec: %s".formatted(name, spec),
        WasmQuota.class);
  }

  private static NamespaceQuota quotas(Room used, String... specs) {
    int[] number = {0};
    return new NamespaceQuota(
        Stream.of(specs).map(spec -> quota("q" + ++number[0], spec)).toList(), used);
  }

  private static Resources resources(String text) {
    return Serialization.unmarshal("---\n" + text, Resources.class);
  }

  private static final String SMALL = "{requests: {memory: 128Mi, cpu: 250m}}";

  private static String refusal(Admission admission) {
    var held = admission.held();
    return held == null ? "" : held.message();
  }

  @Test
  void aNamespaceWithoutQuotasMayHaveAll() {
    var admission = NamespaceQuota.NONE.admit(resources(SMALL), 1000, Room.NONE);

    assertThat(admission.count()).isEqualTo(1000);
    assertThat(admission.held()).isNull();
  }

  @Test
  void whatIsBeyondACeilingIsHeldInTheWordsOfTheApiServer() {
    var admission = quotas(USED, "{hard: {memory: 1Gi}}").admit(resources(SMALL), 3, Room.NONE);

    assertThat(admission.count()).isZero();
    assertThat(admission.held())
        .isEqualTo(
            new Held(
                Reasons.QUOTA_EXCEEDED,
                "exceeded quota: q1, requested: memory=128Mi, used: memory=960Mi, limited: memory=1Gi",
                3));
  }

  @Test
  void whatOthersUseIsNoNewsToWhatIsHeld() {
    var held =
        new Held(
            Reasons.QUOTA_EXCEEDED,
            "exceeded quota: q, requested: a=1, used: a=9, limited: a=9",
            1);

    assertThat(
            held.message(
                Stream.of(
                    "0 of 1 are ready: exceeded quota: q, requested: a=1, used: a=8, limited: a=8",
                    "0 of 1 are ready: exceeded quota: q, requested: a=1, used: a=10, limited: a=9")))
        .isEqualTo("exceeded quota: q, requested: a=1, used: a=10, limited: a=9");
    assertThat(held.message(Stream.of("The app is off."))).isEqualTo(held.message());
  }

  @Test
  void whatFitsIsMadeAndTheRestIsHeld() {
    var admission = quotas(USED, "{hard: {instances: 6}}").admit(resources(SMALL), 3, Room.NONE);

    assertThat(admission.count()).isEqualTo(2);
    assertThat(refusal(admission))
        .isEqualTo(
            "exceeded quota: q1, requested: instances=1, used: instances=6, limited: instances=6");
  }

  @Test
  void whatGoesInTheSameStepMakesRoom() {
    var admission =
        quotas(USED, "{hard: {instances: 4}}")
            .admit(resources(SMALL), 1, Room.NONE.minus(new Room(128 * MIB, 250, 1)));

    assertThat(admission.held()).isNull();
  }

  @Test
  void allThatIsExceededIsNamed() {
    var admission =
        quotas(USED, "{hard: {memory: 1Gi, cpu: 900m, instances: 100}}")
            .admit(resources(SMALL), 1, Room.NONE);

    assertThat(refusal(admission))
        .isEqualTo(
            "exceeded quota: q1, requested: cpu=250m,memory=128Mi, used: cpu=750m,memory=960Mi, limited: cpu=900m,memory=1Gi");
  }

  @Test
  void ofSeveralQuotasEachHolds() {
    var admission =
        quotas(USED, "{hard: {memory: 4Gi}}", "{hard: {cpu: '0.75'}}")
            .admit(resources(SMALL), 1, Room.NONE);

    assertThat(refusal(admission))
        .isEqualTo("exceeded quota: q2, requested: cpu=250m, used: cpu=750m, limited: cpu=0.75");
  }

  @Test
  void anInstanceThatSaysNothingCountsAsWhatItIsGiven() {
    var admission = quotas(USED, "{hard: {memory: 1Gi}}").admit(resources("{}"), 1, Room.NONE);

    assertThat(refusal(admission)).contains("requested: memory=128Mi");
  }

  @Test
  void aCeilingThatWasLoweredTakesNothingAway() {
    var admission = quotas(USED, "{hard: {instances: 1}}").admit(resources(SMALL), 0, Room.NONE);

    assertThat(admission.held()).isNull();
  }

  @Test
  void whatAnAppLeavesOpenIsFilledIn() {
    var quota =
        quotas(
            Room.NONE,
            "{perInstance: {default: {memory: 64Mi, cpu: 500m}, defaultRequest: {cpu: 100m}}}");

    assertThat(quota.effective(null))
        .isEqualTo(resources("{requests: {cpu: 100m}, limits: {memory: 64Mi, cpu: 500m}}"));
    assertThat(quota.effective(resources("{limits: {memory: 32Mi, cpu: 50m}}")))
        .isEqualTo(resources("{limits: {memory: 32Mi, cpu: 50m}}"));
    assertThat(quota.effective(resources("{requests: {memory: 16Mi}}")))
        .isEqualTo(
            resources("{requests: {memory: 16Mi, cpu: 100m}, limits: {memory: 64Mi, cpu: 500m}}"));
  }

  @Test
  void withoutDefaultsNothingIsFilledIn() {
    var asked = resources("{limits: {memory: 32Mi}}");

    assertThat(quotas(USED, "{hard: {cpu: 1}}").effective(asked)).isSameAs(asked);
  }

  @Test
  void aLimitAboveTheMaximumIsRefused() {
    var admission =
        quotas(USED, "{perInstance: {max: {memory: 1Gi}}}")
            .admit(resources("{limits: {memory: 2Gi}}"), 1, Room.NONE);

    assertThat(admission.count()).isZero();
    assertThat(admission.held())
        .isEqualTo(
            new Held(
                Reasons.LIMITS_EXCEEDED,
                "maximum memory usage per WasmInstance is 1Gi, but limit is 2Gi",
                1));
  }

  @Test
  void whereThereIsAMaximumALimitMustBeStated() {
    var admission =
        quotas(USED, "{perInstance: {max: {cpu: 2}}}").admit(resources("{}"), 1, Room.NONE);

    assertThat(refusal(admission))
        .isEqualTo("maximum cpu usage per WasmInstance is 2. No limit is specified");
  }

  @Test
  void aRequestBelowTheMinimumIsRefused() {
    var admission =
        quotas(USED, "{perInstance: {min: {memory: 64Mi}}}")
            .admit(resources("{limits: {memory: 32Mi}}"), 1, Room.NONE);

    assertThat(refusal(admission))
        .isEqualTo("minimum memory usage per WasmInstance is 64Mi, but request is 32Mi");
  }

  @Test
  void boundsOfSeveralQuotasAllHold() {
    var admission =
        quotas(USED, "{perInstance: {max: {memory: 1Gi}}}", "{perInstance: {max: {memory: 64Mi}}}")
            .admit(resources("{limits: {memory: 128Mi}}"), 1, Room.NONE);

    assertThat(refusal(admission))
        .isEqualTo("maximum memory usage per WasmInstance is 64Mi, but limit is 128Mi");
  }

  @Test
  void theStatusSaysWhatIsUsedInTheLargestWholeUnit() {
    var status = QuotaStatuses.status(quota("q", "{hard: {memory: 1Gi}}"), USED);

    assertThat(Serialization.asYaml(status))
        .isEqualTo(
            """
            ---
            hard:
              memory: "1Gi"
            used:
              memory: "960Mi"
              cpu: "750m"
              instances: 4
            """);
  }
}
