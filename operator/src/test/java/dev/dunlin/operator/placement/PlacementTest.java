package dev.dunlin.operator.placement;

import static dev.dunlin.operator.placement.ANode.NOW;
import static dev.dunlin.operator.placement.ANode.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Affinity;
import dev.dunlin.api.v1alpha1.NodeAffinity;
import dev.dunlin.api.v1alpha1.NodeSelectorOperator;
import dev.dunlin.api.v1alpha1.NodeSelectorRequirement;
import dev.dunlin.api.v1alpha1.NodeSelectorTerm;
import dev.dunlin.api.v1alpha1.PreferredSchedulingTerm;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.TaintEffect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Demand SMALL = demand(NodeChoice.ANY, mebibytes(64, 1));

  private static Demand demand(NodeChoice choice, Room room) {
    return new Demand(choice, room, Set.of("wasi:p1"), "sha256:a", Optional.empty());
  }

  private static Demand selecting(String key, String value) {
    return demand(new NodeChoice(Map.of(key, value), null, List.of(), List.of()), mebibytes(64, 1));
  }

  private static Demand featuring(String... features) {
    return new Demand(
        NodeChoice.ANY, mebibytes(1, 1), Set.of(features), "sha256:a", Optional.empty());
  }

  private static Demand preferring(Map<String, Integer> labels) {
    var terms =
        labels.entrySet().stream()
            .map(it -> new PreferredSchedulingTerm(it.getValue(), hasLabel(it.getKey())))
            .toList();
    var affinity = new Affinity(new NodeAffinity(null, terms));
    return demand(new NodeChoice(Map.of(), affinity, List.of(), List.of()), mebibytes(64, 1));
  }

  private static NodeSelectorTerm hasLabel(String key) {
    return new NodeSelectorTerm(
        List.of(new NodeSelectorRequirement(key, NodeSelectorOperator.Exists, List.of())),
        List.of());
  }

  private static List<String> place(Nodes nodes, Map<String, Integer> ofApp, int count) {
    return Placement.of(nodes, SMALL, ofApp, count, NOW).nodes();
  }

  private static String why(Nodes nodes, Demand demand) {
    return Placement.of(nodes, demand, Map.of(), 1, NOW).why();
  }

  private static ANode node(String name) {
    return ANode.named(name);
  }

  @Test
  void instancesOfOneAppSpread() {
    var nodes =
        ANode.using(
            Map.of("b", mebibytes(900, 5), "c", mebibytes(500, 1)),
            node("a"),
            node("b"),
            node("c"));

    assertThat(place(nodes, Map.of(), 4)).containsExactly("a", "c", "b", "a");
  }

  @Test
  void aNodeThatHasTheAppComesAfterOneThatHasNot() {
    var nodes = ANode.using(Map.of("b", mebibytes(800, 5)), node("a"), node("b"));

    assertThat(place(nodes, Map.of("a", 1), 1)).containsExactly("b");
  }

  @Test
  void ofNodesEquallyFreeTheOneWithTheModuleWins() {
    var nodes =
        ANode.using(
            Map.of("a", mebibytes(40, 1), "b", mebibytes(50, 1)),
            node("a"),
            node("b").cached("sha256:a"));

    assertThat(place(nodes, Map.of(), 1)).containsExactly("b");
  }

  @Test
  void smallInstancesOfManyAppsDoNotGatherOnTheFirstNode() {
    var nodes =
        ANode.using(Map.of("a", mebibytes(10, 2), "b", mebibytes(10, 1)), node("a"), node("b"));

    assertThat(place(nodes, Map.of(), 1)).containsExactly("b");
  }

  @Test
  void fillsTheLastByteAndNotOneMore() {
    var nodes = ANode.using(Map.of("a", mebibytes(1000 - 128, 0)), node("a"));

    var placement = Placement.of(nodes, SMALL, Map.of(), 3, NOW);

    assertThat(placement.nodes()).containsExactly("a", "a");
    assertThat(placement.missing()).isEqualTo(1);
    assertThat(placement.why()).isEqualTo("0/1 nodes are available: 1 Insufficient memory.");
  }

  @Test
  void fillsTheLastThousandthOfACoreAndNotOneMore() {
    var demand = demand(NodeChoice.ANY, new Room(1, 1500, 1));
    var nodes = ANode.using(Map.of("a", new Room(0, 1000, 1)), node("a"));

    var placement = Placement.of(nodes, demand, Map.of(), 3, NOW);

    assertThat(placement.nodes()).containsExactly("a", "a");
    assertThat(placement.why()).isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
  }

  @Test
  void whatAsksForNoPartOfACoreIsNotKeptOffByCores() {
    var nodes = ANode.using(Map.of("a", new Room(0, 9000, 1)), node("a"));

    assertThat(place(nodes, Map.of(), 1)).containsExactly("a");
  }

  @Test
  void allThatANodeHasTooLittleOfIsSaid() {
    var demand = demand(NodeChoice.ANY, new Room(2000L << 20, 5000, 1));
    var nodes = ANode.using(Map.of("a", mebibytes(0, 10)), node("a"));

    assertThat(why(nodes, demand))
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Too many instances.");
  }

  @Test
  void anAmountThatWouldOverflowFitsNowhere() {
    var nodes = ANode.using(Map.of("a", mebibytes(64, 1)), node("a"));

    assertThat(why(nodes, demand(NodeChoice.ANY, new Room(Long.MAX_VALUE, 0, 1))))
        .isEqualTo("0/1 nodes are available: 1 Insufficient memory.");
  }

  @Test
  void saysOfEachNodeWhyNot() {
    var nodes =
        ANode.all(
            node("a").label("disk", "ssd"),
            node("b").notReady(),
            node("c").lost(),
            node("d").cordoned(),
            node("e").draining(),
            node("f").taint("gpu", "true", TaintEffect.NoSchedule),
            node("g").label("disk", "hdd").memoryPressure());

    assertThat(why(nodes, selecting("disk", "hdd")))
        .isEqualTo(
            "0/7 nodes are available: 1 didn't match the node affinity/selector, 1 draining,"
                + " 1 had memory pressure, 1 had untolerated taint {gpu: true}, 1 unschedulable,"
                + " 2 not ready.");
  }

  @Test
  void aVolumeThatIsOnOneNodeKeepsItsInstanceThere() {
    var demand =
        new Demand(
            NodeChoice.ANY, mebibytes(64, 1), Set.of("wasi:p1"), "sha256:a", Optional.of("b"));

    assertThat(Placement.of(ANode.all(node("a"), node("b")), demand, Map.of(), 2, NOW).nodes())
        .containsExactly("b", "b");
    assertThat(why(ANode.all(node("a"), node("b").draining()), demand))
        .isEqualTo("0/2 nodes are available: 1 draining, 1 had volume node affinity conflict.");
  }

  @Test
  void preferredLabelsGoBeforeEvenSpreading() {
    var nodes = ANode.all(node("a"), node("b").label("disk", "ssd"));

    assertThat(Placement.of(nodes, preferring(Map.of("disk", 1)), Map.of("b", 3), 2, NOW).nodes())
        .containsExactly("b", "b");
  }

  @Test
  void theWeightsOfAllPreferredTermsThatMatchAddUp() {
    var nodes =
        ANode.all(
            node("a").label("disk", "ssd"), node("b").label("zone", "z").label("arch", "arm64"));

    var demand = preferring(Map.of("disk", 60, "zone", 40, "arch", 30));

    assertThat(Placement.of(nodes, demand, Map.of(), 1, NOW).nodes()).containsExactly("b");
  }

  @Test
  void whatIsPreferredIsNoWall() {
    var nodes =
        ANode.using(Map.of("b", mebibytes(1000, 5)), node("a"), node("b").label("disk", "ssd"));

    assertThat(Placement.of(nodes, preferring(Map.of("disk", 100)), Map.of(), 1, NOW).nodes())
        .containsExactly("a");
  }

  @Test
  void aNodeThatIsRatherNotToBeUsedComesLast() {
    var nodes = ANode.all(node("a").taint("spot", "", TaintEffect.PreferNoSchedule), node("b"));

    assertThat(place(nodes, Map.of("b", 5), 2)).containsExactly("b", "b");
  }

  @Test
  void namesTheFeatureThatIsMissing() {
    var placement =
        Placement.of(ANode.all(node("a")), featuring("wasi:p1", "component"), Map.of(), 1, NOW);

    assertThat(placement.why() + placement.advice())
        .isEqualTo(
            "0/1 nodes run components: 1 without engine feature component."
                + " Run an agent with the native engine, or build the module for WASI preview 1.");
    assertThat(placement.reason()).isEqualTo(Reasons.NO_NODE_WITH_FEATURES);
    assertThat(placement.lacking()).containsExactly("component");
  }

  @Test
  void aFeatureIsLackingOnlyWhereNoReadyNodeHasIt() {
    var http3 = featuring("wasi:p1", "wasi:http@0.3");
    var nodes = ANode.all(node("a"));

    assertThat(Placement.of(nodes, selecting("disk", "hdd"), Map.of(), 1, NOW).reason())
        .isEqualTo(Reasons.UNSCHEDULABLE);
    assertThat(why(nodes, http3))
        .startsWith("0/1 nodes run wasi:http@0.3: 1 without engine feature wasi:http@0.3.");
    assertThat(Placement.of(ANode.all(), http3, Map.of(), 1, NOW).lacking()).isEmpty();
  }

  @Test
  void saysSoWhenThereIsNoAgentAtAll() {
    assertThat(why(ANode.all(), SMALL))
        .isEqualTo("0/0 nodes are available: no agent has registered a WasmNode.");
  }

  @Test
  void aNodeWithAllInstancesItMayHaveIsFull() {
    var nodes = ANode.using(Map.of("a", mebibytes(0, 10)), node("a"));

    assertThat(why(nodes, SMALL)).isEqualTo("0/1 nodes are available: 1 Too many instances.");
  }
}
