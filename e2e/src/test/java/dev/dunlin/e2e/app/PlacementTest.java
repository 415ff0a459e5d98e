package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitAsserted;
import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static dev.dunlin.e2e.app.Inhabitants.NODE_A;
import static dev.dunlin.e2e.app.Inhabitants.NODE_B;
import static dev.dunlin.e2e.app.Inhabitants.NODE_C;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Reasons;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nodes instances come to, and why not to others. */
@InSharedHouse
class PlacementTest {

  @Test
  void onlyNodesWithTheRequiredLabelsAreTaken(Apps apps) {
    App app =
        apps.apply(
                "required",
                "replicas: 4, affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
                    + "{matchExpressions: [{key: zone, operator: In, values: [a, b]}, {key: zone, operator: NotIn, values: [b]}]},"
                    + "{matchFields: [{key: metadata.name, operator: In, values: [shore-c]}]}]}}}")
            .awaitReady(4);

    assertThat(app.nodes()).containsOnly(NODE_A, NODE_C).contains(NODE_A, NODE_C);
  }

  @Test
  void aPreferredNodeIsTakenWhereItCanBe(Apps apps) {
    App app =
        apps.apply(
                "preferred",
                "replicas: 1, affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: zone, operator: In, values: [b]}]}}]}}")
            .awaitReady(1);

    assertThat(app.nodes()).containsExactly(NODE_B);
  }

  @Test
  void instancesAreSpreadOverTheZones(Apps apps) {
    App app =
        apps.apply(
                "spread",
                "replicas: 6, topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone}]")
            .awaitReady(6);

    assertThat(app.nodes()).containsExactly(NODE_A, NODE_A, NODE_B, NODE_B, NODE_C, NODE_C);
  }

  @Test
  void aSpreadThatCannotBeHeldLeavesInstancesOut(Apps apps) {
    App app =
        apps.apply(
            "skewed",
            "replicas: 2, nodeSelector: {zone: a}, topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, minDomains: 2}]");

    app.awaitCondition("Ready", "False", Reasons.UNSCHEDULABLE);
    awaitAsserted(() -> assertThat(app.nodes()).containsExactly(NODE_A));
    assertThat(app.told("Ready")).contains("3 nodes");
  }

  @Test
  void aTaintKeepsOffWhatDoesNotTolerateIt(Apps apps) {
    App shy;
    try (var _ =
        apps.changeNode(
            NODE_A,
            "\"taints\": [{\"key\": \"gpu\", \"value\": \"yes\", \"effect\": \"NoSchedule\"}]")) {
      shy = apps.apply("shy", "replicas: 1, nodeSelector: {zone: a}");
      App bold =
          apps.apply(
                  "bold",
                  "replicas: 1, nodeSelector: {zone: a}, tolerations: [{key: gpu, operator: Exists}]")
              .awaitReady(1);

      shy.awaitCondition("Ready", "False", Reasons.UNSCHEDULABLE);
      assertThat(bold.nodes()).containsExactly(NODE_A);
      assertThat(shy.told("Ready")).contains("0/3 nodes are available").contains("taint");
    }
    shy.awaitReady(1);
  }

  @Test
  void aTaintThatExecutesMovesWhatDoesNotTolerateIt(Apps apps) {
    App moved = apps.apply("moved", "replicas: 3").awaitReady(3);
    App kept =
        apps.apply(
                "kept",
                "replicas: 3, tolerations: [{key: burning, operator: Exists, effect: NoExecute}]")
            .awaitReady(3);
    assertThat(moved.nodes()).contains(NODE_B);
    List<String> keptBefore = kept.names();

    try (var _ =
        apps.changeNode(
            NODE_B, "\"taints\": [{\"key\": \"burning\", \"effect\": \"NoExecute\"}]")) {
      awaitAsserted(() -> assertThat(moved.nodes()).hasSize(3).doesNotContain(NODE_B));
      moved.awaitReady(3);

      assertThat(kept.names()).isEqualTo(keptBefore);
      assertThat(apps.node(NODE_B).getSpec().taints()).isNotEmpty();
    }
  }

  @Test
  void aToleratedTaintMovesOnlyAfterItsTime(Apps apps) {
    App app =
        apps.apply(
                "patient",
                "replicas: 1, nodeSelector: {zone: a}, tolerations: [{key: burning, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]")
            .awaitReady(1);
    List<String> before = app.names();

    try (var _ =
        apps.changeNode(
            NODE_A, "\"taints\": [{\"key\": \"burning\", \"effect\": \"NoExecute\"}]")) {
      awaitUntil("it has to go", () -> !app.names().equals(before));
      assertThat(apps.node(NODE_A).getSpec().taints()).isNotEmpty();
    }
  }

  @Test
  void memoryThatNoNodeHasIsSaidForEachNode(Apps apps) {
    App app = apps.apply("huge", "resources: {requests: {memory: 100Gi}, limits: {memory: 100Gi}}");

    app.awaitCondition("Ready", "False", Reasons.UNSCHEDULABLE);

    assertThat(app.told("Ready"))
        .contains("0/3 nodes are available")
        .contains("3")
        .contains("memory");
    assertThat(app.instances()).isEmpty();
  }

  @Test
  void cpuThatNoNodeHasIsSaidForEachNode(Apps apps) {
    App app = apps.apply("hungry", "resources: {requests: {cpu: 900}, limits: {cpu: 900}}");

    app.awaitCondition("Ready", "False", Reasons.UNSCHEDULABLE);

    assertThat(app.told("Ready")).contains("0/3 nodes are available").contains("cpu");
  }

  @Test
  void aHigherPriorityTakesThePlaceOfALowerOne(Apps apps) {
    apps.priorityClass("urgent", 1000);
    String room =
        "worker: {}, args: [await /never], nodeSelector: {zone: c}, terminationGracePeriodSeconds: 1, replicas: 1, resources: {requests: {memory: %s}, limits: {memory: %s}}";
    App low = apps.apply("low", room.formatted("1200Mi", "1200Mi")).awaitReady(1);

    App high =
        apps.apply("high", "priorityClassName: urgent, " + room.formatted("1500Mi", "1500Mi"));

    high.awaitReady(1);
    low.awaitCondition("Ready", "False", Reasons.UNSCHEDULABLE);
    assertThat(low.events()).contains(Reasons.PREEMPTED);
    high.delete();
    low.awaitReady(1);
  }

  @Test
  void anAppWaitsForItsPriorityClass(Apps apps) {
    App app =
        apps.apply("ranked", "replicas: 1, priorityClassName: of-%s".formatted(apps.namespace()));
    app.awaitCondition("Ready", "False", Reasons.PRIORITY_CLASS_NOT_FOUND);
    assertThat(app.instances()).isEmpty();

    apps.priorityClass("of-" + apps.namespace(), 5);

    app.awaitReady(1);
    assertThat(app.standing().getFirst().getSpec().priority()).isEqualTo(5);
  }
}
