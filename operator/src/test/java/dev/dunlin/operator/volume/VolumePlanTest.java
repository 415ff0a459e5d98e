package dev.dunlin.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.VolumePhase;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.operator.volume.VolumePlan.Facts;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VolumePlanTest {
  private static final String NOW = "2026-01-01T12:00:00Z";
  private static final String ONCE = "ReadWriteOnce";
  private static final String MANY = "ReadWriteMany";

  @Test
  void aNewVolumeIsKeptUntilItsFilesAreGoneAndWaitsForItsFirstApp() {
    var plan = VolumePlan.of(volume(ONCE, "", ""), facts(true, false, false, false));

    assertThat(plan.keep()).isTrue();
    assertThat(plan.status().phase()).isEqualTo(VolumePhase.Pending);
    assertThat(reason(plan)).isEqualTo(Reasons.WAIT_FOR_FIRST_CONSUMER);
  }

  @Test
  void whereNoNodeOffersVolumesItSaysSo() {
    for (String mode : new String[] {ONCE, MANY}) {
      var plan = VolumePlan.of(volume(mode, KEPT, ""), facts(false, false, false, false));

      assertThat(plan.keep()).isNull();
      assertThat(reason(plan)).as(mode).isEqualTo(Reasons.VOLUMES_NOT_OFFERED);
      assertThat(plan.status().phase()).isEqualTo(VolumePhase.Pending);
    }
  }

  @Test
  void aBoundVolumeNamesItsNodeAndItsApp() {
    var plan =
        VolumePlan.of(
            volume(ONCE, KEPT, "nodeName: n1, usedBy: shop"), facts(true, true, true, false));

    assertThat(plan.status().phase()).isEqualTo(VolumePhase.Bound);
    assertThat(condition(plan).isTrue()).isTrue();
    assertThat(condition(plan).message()).isEqualTo("On node n1; app shop has it.");
  }

  @Test
  void anAppThatIsGoneHasTheVolumeUntilItsLastInstanceIs() {
    var bound = volume(ONCE, KEPT, "phase: Bound, nodeName: n1, usedBy: shop");

    assertThat(VolumePlan.of(bound, facts(true, true, false, true)).status().usedBy())
        .isEqualTo("shop");
    var released = VolumePlan.of(bound, facts(true, true, false, false)).status();
    assertThat(released.usedBy()).isNull();
    assertThat(released.nodeName()).isEqualTo("n1");
  }

  @Test
  void aVolumeIsLostWithItsNodeAndFoundAgainWithIt() {
    var volume = volume(ONCE, KEPT, "phase: Bound, nodeName: n1, usedBy: shop");

    var lost = VolumePlan.of(volume, facts(true, false, true, true));
    assertThat(lost.status().phase()).isEqualTo(VolumePhase.Lost);
    assertThat(reason(lost)).isEqualTo(Reasons.VOLUME_LOST);

    volume.setStatus(lost.status());
    assertThat(VolumePlan.of(volume, facts(true, true, true, true)).status().phase())
        .isEqualTo(VolumePhase.Bound);
  }

  @Test
  void aSharedVolumeIsThereForAllAtOnce() {
    var plan = VolumePlan.of(volume(MANY, KEPT, ""), facts(true, false, false, false));

    assertThat(plan.status().phase()).isEqualTo(VolumePhase.Bound);
    assertThat(plan.status().nodeName()).isNull();
  }

  @Test
  void aDeletedVolumeStaysWhileAnInstanceHasItAndThenItsAgentRemovesIt() {
    var going = volume(ONCE, KEPT + DELETED, "phase: Bound, nodeName: n1, usedBy: shop");

    var used = VolumePlan.of(going, facts(true, true, true, true));
    assertThat(used.keep()).isNull();
    assertThat(condition(used).message()).isEqualTo("It is deleted once no instance has it.");
    var unused = VolumePlan.of(going, facts(true, true, true, false));
    assertThat(unused.keep()).isNull();
    assertThat(condition(unused).message()).isEqualTo("The agent of node n1 removes its files.");
  }

  @Test
  void aDeletedVolumeGoesAtOnceThatHasNoFilesOrNoNodeAnyMore() {
    assertThat(
            VolumePlan.of(volume(ONCE, KEPT + DELETED, ""), facts(true, false, false, false))
                .keep())
        .isFalse();
    assertThat(
            VolumePlan.of(
                    volume(ONCE, KEPT + DELETED, "phase: Lost, nodeName: n1"),
                    facts(true, false, false, false))
                .keep())
        .isFalse();
    assertThat(
            VolumePlan.of(
                    volume(MANY, KEPT + DELETED, "phase: Pending"),
                    facts(false, false, false, false))
                .keep())
        .isFalse();
  }

  @Test
  void aDeletedSharedVolumeIsRemovedByOneNodeThatHasItsStorage() {
    var going = volume(MANY, KEPT + DELETED, "phase: Bound");

    var plan = VolumePlan.of(going, facts(true, false, false, false));
    assertThat(plan.keep()).isNull();
    assertThat(plan.status().nodeName()).isEqualTo("n7");

    var nobody = VolumePlan.of(going, facts(false, false, false, false));
    assertThat(nobody.keep()).isNull();
    assertThat(condition(nobody).message()).contains("Take the finalizer dunlin.dev/volume off");
  }

  @Test
  void whatIsAsItWasIsNotWrittenAgain() {
    var volume = volume(ONCE, KEPT, "nodeName: n1, usedBy: shop");
    volume.setStatus(VolumePlan.of(volume, facts(true, true, true, false)).status());
    var later = new Facts(true, Optional.empty(), true, true, false, "2027-01-01T12:00:00Z");

    assertThat(VolumePlan.of(volume, later).status()).isEqualTo(volume.getStatus());
  }

  private static final String KEPT = ", finalizers: [dunlin.dev/volume]";
  private static final String DELETED = ", deletionTimestamp: \"2026-01-01T11:00:00Z\"";

  private static Facts facts(boolean offered, boolean isNode, boolean claimed, boolean inUse) {
    return new Facts(
        offered, offered ? Optional.of("n7") : Optional.empty(), isNode, claimed, inUse, NOW);
  }

  private static Condition condition(VolumePlan plan) {
    return Condition.find(plan.status().conditions(), VolumePlan.BOUND).orElseThrow();
  }

  private static String reason(VolumePlan plan) {
    return condition(plan).reason();
  }

  private static WasmVolume volume(String mode, String metadata, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmVolume
        metadata: {name: data, namespace: apps, uid: u, generation: 1%s}
        spec: {accessMode: %s, size: 1Gi}
        status: {%s}
        """
            .formatted(metadata, mode, status),
        WasmVolume.class);
  }
}
