package dev.dunlin.operator.placement;

import static dev.dunlin.api.v1alpha1.TaintEffect.NoExecute;
import static dev.dunlin.api.v1alpha1.TaintEffect.NoSchedule;
import static dev.dunlin.api.v1alpha1.TaintEffect.PreferNoSchedule;
import static dev.dunlin.api.v1alpha1.TolerationOperator.Equal;
import static dev.dunlin.api.v1alpha1.TolerationOperator.Exists;
import static dev.dunlin.operator.placement.ANode.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.api.v1alpha1.Toleration;
import dev.dunlin.api.v1alpha1.TolerationOperator;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeChoiceTest {
  private static final Instant BEFORE = NOW.minusSeconds(3600);
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";

  private static NodeChoice tolerating(Toleration... tolerations) {
    return new NodeChoice(Map.of(), null, List.of(tolerations), List.of());
  }

  private static Toleration toleration(
      @Nullable String key,
      TolerationOperator operator,
      @Nullable String value,
      @Nullable TaintEffect effect) {
    return new Toleration(key, operator, value, effect, null);
  }

  private static Toleration forSeconds(long seconds) {
    return new Toleration("maintenance", Exists, null, NoExecute, seconds);
  }

  private static boolean isPlaced(ANode node, NodeChoice choice) {
    var demand = new Demand(choice, Room.NONE, Set.of(), "sha256:a", Optional.empty());
    return Placement.of(ANode.all(node), demand, Map.of(), 1, NOW).missing() == 0;
  }

  @Test
  void aTaintKeepsOffWhatDoesNotTolerateIt() {
    var tainted = ANode.named("n").taint("gpu", "true", NoSchedule);

    assertThat(isPlaced(tainted, NodeChoice.ANY)).isFalse();
    assertThat(isPlaced(tainted, tolerating(toleration("gpu", Equal, "true", null)))).isTrue();
    assertThat(isPlaced(tainted, tolerating(toleration("gpu", Equal, "true", NoSchedule))))
        .isTrue();
    assertThat(isPlaced(tainted, tolerating(toleration("gpu", Exists, null, null)))).isTrue();
    assertThat(isPlaced(tainted, tolerating(toleration(null, Exists, null, null)))).isTrue();
  }

  @Test
  void aTolerationOfAnotherKeyValueOrEffectIsNone() {
    var tainted = ANode.named("n").taint("gpu", "true", NoSchedule);

    assertThat(isPlaced(tainted, tolerating(toleration("cpu", Exists, null, null)))).isFalse();
    assertThat(isPlaced(tainted, tolerating(toleration("gpu", Equal, "false", null)))).isFalse();
    assertThat(isPlaced(tainted, tolerating(toleration("gpu", Equal, null, null)))).isFalse();
    assertThat(isPlaced(tainted, tolerating(toleration("gpu", Exists, null, NoExecute)))).isFalse();
  }

  @Test
  void everyTaintOfANodeHasToBeTolerated() {
    var tainted = ANode.named("n").taint("a", "", NoSchedule).taint("b", "", NoSchedule);

    assertThat(isPlaced(tainted, tolerating(toleration("a", Exists, null, null)))).isFalse();
  }

  @Test
  void aTaintThatOnlyPrefersKeepsNothingOff() {
    assertThat(isPlaced(ANode.named("n").taint("spot", "", PreferNoSchedule), NodeChoice.ANY))
        .isTrue();
  }

  @Test
  void whatToleratesACordonIsPlacedUnderItAndStays() {
    var choice =
        tolerating(toleration("node.kubernetes.io/unschedulable", Exists, null, NoSchedule));

    assertThat(isPlaced(ANode.named("n").cordoned(), choice)).isTrue();
    assertThat(choice.leaves(ANode.named("n").cordoned().build(), BEFORE, NOW)).isFalse();
    assertThat(NodeChoice.ANY.leaves(ANode.named("n").cordoned().build(), BEFORE, NOW)).isTrue();
  }

  @Test
  void nothingStaysWhereTheAgentShutsDown() {
    assertThat(
            tolerating(toleration(null, Exists, null, null))
                .leaves(ANode.named("n").draining().build(), BEFORE, NOW))
        .isTrue();
  }

  @Test
  void aNoScheduleTaintDrivesNothingAway() {
    var tainted = ANode.named("n").taint("gpu", "true", NoSchedule).build();

    assertThat(NodeChoice.ANY.leaves(tainted, BEFORE, NOW)).isFalse();
  }

  @Test
  void aNoExecuteTaintDrivesAwayWhatDoesNotTolerateIt() {
    var tainted = ANode.named("n").taint("maintenance", "", NoExecute).build();

    assertThat(NodeChoice.ANY.leaves(tainted, BEFORE, NOW)).isTrue();
    assertThat(
            tolerating(toleration("maintenance", Exists, null, NoExecute))
                .leaves(tainted, BEFORE, NOW))
        .isFalse();
  }

  @Test
  void whatToleratesATaintForATimeLeavesAfterIt() {
    var tainted = ANode.named("n").taint("maintenance", "", NoExecute).build();
    var choice = tolerating(forSeconds(60));

    assertThat(choice.endOn(tainted, BEFORE)).contains(NOW.plusSeconds(60));
    assertThat(choice.leaves(tainted, BEFORE, NOW.plusSeconds(59))).isFalse();
    assertThat(choice.leaves(tainted, BEFORE, NOW.plusSeconds(60))).isTrue();
  }

  @Test
  void ofSeveralTaintsTheFirstToRunOutCounts() {
    var tainted =
        ANode.named("n").taint("maintenance", "", NoExecute).taint("soon", "", NoExecute).build();
    var choice = tolerating(forSeconds(60), new Toleration("soon", Exists, null, NoExecute, 5L));

    assertThat(choice.endOn(tainted, BEFORE)).contains(NOW.plusSeconds(5));
  }

  @Test
  void aSilentKubeletIsToleratedForFiveMinutes() {
    var tainted = ANode.named("n").taint(UNREACHABLE, "", NoExecute).build();

    assertThat(NodeChoice.ANY.endOn(tainted, BEFORE)).contains(NOW.plusSeconds(300));
    assertThat(
            tolerating(new Toleration(UNREACHABLE, Exists, null, NoExecute, 10L))
                .endOn(tainted, BEFORE))
        .contains(NOW.plusSeconds(10));
    assertThat(
            tolerating(new Toleration(UNREACHABLE, Exists, null, NoExecute, null))
                .endOn(tainted, BEFORE))
        .isEmpty();
  }

  @Test
  void whatIsPlacedUnderATaintThatItToleratesHasItsTimeFromThenOn() {
    var tainted = ANode.named("n").taint("maintenance", "", NoExecute).build();

    assertThat(tolerating(forSeconds(60)).endOn(tainted, NOW.plusSeconds(1000)))
        .contains(NOW.plusSeconds(1060));
  }

  @Test
  void nothingIsPlacedWhereItWouldHaveToLeaveAtOnce() {
    var tainted = ANode.named("n").taint("maintenance", "", NoExecute);

    assertThat(isPlaced(tainted, tolerating(forSeconds(0)))).isFalse();
    assertThat(isPlaced(tainted, tolerating(forSeconds(1)))).isTrue();
  }
}
