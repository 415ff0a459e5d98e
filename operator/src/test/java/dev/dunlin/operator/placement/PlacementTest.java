package dev.dunlin.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Demand SMALL =
      new Demand(Map.of(), 64L << 20, Set.of("wasi:p1"), "sha256:a");

  private static Node node(String name, long usedMebibytes, int usedInstances) {
    return new Node(
        name,
        true,
        false,
        false,
        false,
        Map.of("disk", "ssd"),
        1000L << 20,
        10,
        new Usage(usedMebibytes << 20, usedInstances),
        Set.of("wasi:p1"),
        Set.of(),
        "192.0.2.1");
  }

  private static Node cached(Node node, String digest) {
    return new Node(
        node.name(),
        true,
        false,
        false,
        false,
        node.labels(),
        node.memoryBytes(),
        node.instances(),
        node.used(),
        node.features(),
        Set.of(digest),
        node.address());
  }

  private static List<String> place(List<Node> nodes, Map<String, Integer> ofApp, int count) {
    return Placement.of(nodes, SMALL, ofApp, count).nodes();
  }

  @Test
  void instancesOfOneAppSpread() {
    assertThat(place(List.of(node("a", 0, 0), node("b", 900, 5), node("c", 500, 1)), Map.of(), 4))
        .containsExactly("a", "c", "b", "a");
  }

  @Test
  void aNodeThatHasTheAppComesAfterOneThatHasNot() {
    assertThat(place(List.of(node("a", 0, 1), node("b", 800, 5)), Map.of("a", 1), 1))
        .containsExactly("b");
  }

  @Test
  void ofNodesEquallyFreeTheOneWithTheModuleWins() {
    assertThat(place(List.of(node("a", 40, 1), cached(node("b", 50, 1), "sha256:a")), Map.of(), 1))
        .containsExactly("b");
  }

  @Test
  void fillsTheLastByteAndNotOneMore() {
    var placement = Placement.of(List.of(node("a", 1000 - 128, 0)), SMALL, Map.of(), 3);

    assertThat(placement.nodes()).containsExactly("a", "a");
    assertThat(placement.missing()).isEqualTo(1);
    assertThat(placement.why()).isEqualTo("0/1 nodes are available: 1 insufficient memory.");
  }

  @Test
  void anAmountThatWouldOverflowFitsNowhere() {
    var demand = new Demand(Map.of(), Long.MAX_VALUE, Set.of("wasi:p1"), "sha256:a");

    assertThat(Placement.of(List.of(node("a", 64, 1)), demand, Map.of(), 1).why())
        .isEqualTo("0/1 nodes are available: 1 insufficient memory.");
  }

  @Test
  void saysOfEachNodeWhyNot() {
    var down =
        new Node(
            "b", false, false, false, false, Map.of(), 1, 1, Usage.NONE, Set.of(), Set.of(), null);
    var cordoned =
        new Node(
            "c", true, false, true, false, Map.of(), 1, 1, Usage.NONE, Set.of(), Set.of(), null);
    var demand = new Demand(Map.of("disk", "hdd"), 1, Set.of("wasi:p1"), "sha256:a");

    var placement = Placement.of(List.of(node("a", 0, 0), down, cordoned), demand, Map.of(), 1);

    assertThat(placement.why())
        .isEqualTo(
            "0/3 nodes are available: 1 didn't match the nodeSelector, 1 not ready, 1 unschedulable.");
  }

  @Test
  void namesTheFeatureThatIsMissing() {
    var demand = new Demand(Map.of(), 1, Set.of("wasi:p1", "component"), "sha256:a");

    var placement = Placement.of(List.of(node("a", 0, 0)), demand, Map.of(), 1);

    assertThat(placement.why())
        .isEqualTo("0/1 nodes run components: 1 without engine feature component.");
    assertThat(placement.lacking()).containsExactly("component");
  }

  @Test
  void aFeatureIsLackingOnlyWhereNoReadyNodeHasIt() {
    var demand = new Demand(Map.of("disk", "hdd"), 1, Set.of("wasi:p1"), "sha256:a");
    var http3 = new Demand(Map.of(), 1, Set.of("wasi:p1", "wasi:http@0.3"), "sha256:a");

    assertThat(Placement.of(List.of(node("a", 0, 0)), demand, Map.of(), 1).lacking()).isEmpty();
    assertThat(Placement.of(List.of(node("a", 0, 0)), http3, Map.of(), 1).why())
        .isEqualTo("0/1 nodes run wasi:http@0.3: 1 without engine feature wasi:http@0.3.");
    assertThat(Placement.of(List.of(), http3, Map.of(), 1).lacking()).isEmpty();
  }

  @Test
  void saysSoWhenThereIsNoAgentAtAll() {
    assertThat(Placement.of(List.of(), SMALL, Map.of(), 1).why())
        .isEqualTo("0/0 nodes are available: no agent has registered a WasmNode.");
  }

  @Test
  void aNodeWithAllInstancesItMayHaveIsFull() {
    assertThat(Placement.of(List.of(node("a", 0, 10)), SMALL, Map.of(), 1).why())
        .isEqualTo("0/1 nodes are available: 1 too many instances.");
  }
}
