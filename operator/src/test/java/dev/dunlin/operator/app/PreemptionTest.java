package dev.dunlin.operator.app;

import static dev.dunlin.operator.placement.ANode.NOW;
import static dev.dunlin.operator.placement.ANode.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.ANode;
import dev.dunlin.operator.placement.Demand;
import dev.dunlin.operator.placement.NodeChoice;
import dev.dunlin.operator.placement.Room;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PreemptionTest {
  private static Instance instance(String name, String node, int priority, int mebibytes) {
    return Instance.of(
        Serialization.unmarshal(
            """
            ---
            metadata: {namespace: ns, name: %s, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {appName: app, revision: r, nodeName: %s, image: i, priority: %d, resources: {requests: {memory: %dMi}}}
            status: {phase: Running, ready: true}
            """
                .formatted(name, node, priority, mebibytes),
            WasmInstance.class));
  }

  private static Instance going(Instance instance) {
    return new Instance(instance.object(), true);
  }

  /** Who goes, by name, so that one of that priority and size finds a place. */
  private static Optional<List<String>> victims(
      int priority, int mebibytes, List<ANode> nodes, Instance... running) {
    return victims(OptionalInt.empty(), priority, mebibytes, nodes, running);
  }

  /** The same, where the app named app can do without so many. */
  private static Optional<List<String>> victims(
      OptionalInt spare, int priority, int mebibytes, List<ANode> nodes, Instance... running) {
    var used =
        Arrays.stream(running)
            .collect(Collectors.toMap(Instance::node, Instance::room, Room::plus));
    var demand =
        new Demand(
            NodeChoice.ANY,
            mebibytes(mebibytes, 1),
            Set.of("wasi:p1"),
            "sha256:a",
            Optional.empty());
    return Preemption.of(
            ANode.using(used, nodes.toArray(ANode[]::new)),
            demand,
            Map.of(),
            priority,
            node -> Arrays.stream(running).filter(i -> i.node().equals(node)).toList(),
            new Budgets((namespace, app) -> app.equals("app") ? spare : OptionalInt.empty()),
            NOW)
        .map(it -> it.victims().stream().map(Instance::name).toList());
  }

  private static final List<ANode> TWO = List.of(ANode.named("a"), ANode.named("b"));
  private static final List<ANode> ONE = List.of(ANode.named("a"));

  @Test
  void theLowestPriorityMakesRoom() {
    assertThat(victims(10, 500, TWO, instance("five", "a", 5, 1000), instance("one", "b", 1, 1000)))
        .contains(List.of("one"));
  }

  @Test
  void ofEqualPrioritiesTheFewestMakeRoom() {
    assertThat(
            victims(
                10,
                900,
                TWO,
                instance("x", "a", 1, 500),
                instance("y", "a", 1, 500),
                instance("z", "b", 1, 1000)))
        .contains(List.of("z"));
  }

  @Test
  void whoeverNeedNotGoStays() {
    assertThat(
            victims(
                10,
                300,
                ONE,
                instance("high", "a", 5, 400),
                instance("low", "a", 1, 400),
                instance("lower", "a", 0, 200)))
        .contains(List.of("low"));
  }

  @Test
  void nobodyOfTheSamePriorityOrAHigherOneGoes() {
    assertThat(victims(10, 500, TWO, instance("x", "a", 10, 1000), instance("y", "b", 11, 1000)))
        .isEmpty();
  }

  @Test
  void nobodyGoesWhereThatWouldNotMakeEnoughRoom() {
    assertThat(victims(10, 500, ONE, instance("x", "a", 1, 200), instance("y", "a", 20, 700)))
        .isEmpty();
  }

  @Test
  void nobodyGoesFromANodeThatIsNoPlaceAnyway() {
    assertThat(victims(10, 500, List.of(ANode.named("a").cordoned()), instance("x", "a", 1, 1000)))
        .isEmpty();
  }

  @Test
  void whatIsGoingAnywayIsWaitedForBeforeAnybodyElseHasToGo() {
    assertThat(
            victims(
                10,
                500,
                ONE,
                going(instance("going", "a", 1, 500)),
                instance("staying", "a", 0, 500)))
        .contains(List.of());
  }

  private static Instance ofAnotherApp(Instance instance) {
    var object = Serialization.clone(instance.object());
    object.setSpec(
        Serialization.unmarshal(
            Serialization.asYaml(object.getSpec()).replace("appName: \"app\"", "appName: \"free\""),
            WasmInstanceSpec.class));
    return Instance.of(object);
  }

  @Test
  void whoeverItsAppCannotDoWithoutStaysRatherThanAHigherPriority() {
    var guarded = instance("guarded", "a", 0, 500);
    var free = ofAnotherApp(instance("free", "a", 5, 500));

    assertThat(victims(OptionalInt.of(0), 10, 400, ONE, guarded, free)).contains(List.of("free"));
    assertThat(victims(OptionalInt.of(1), 10, 400, ONE, guarded, free))
        .contains(List.of("guarded"));
  }

  @Test
  void theNodeWhereAppsCanDoWithoutTheVictimsGoesFirst() {
    var guarded = instance("guarded", "a", 0, 1000);
    var free = ofAnotherApp(instance("free", "b", 5, 1000));

    assertThat(victims(OptionalInt.of(0), 10, 500, TWO, guarded, free)).contains(List.of("free"));
  }

  @Test
  void aBudgetIsNoWallWhereNothingElseWouldMakeRoom() {
    assertThat(victims(OptionalInt.of(0), 10, 500, ONE, instance("guarded", "a", 0, 1000)))
        .contains(List.of("guarded"));
  }

  @Test
  void whatOneNodeWouldTakeBeyondTheBudgetCounts() {
    assertThat(
            victims(
                OptionalInt.of(1),
                10,
                900,
                TWO,
                instance("one", "a", 0, 500),
                instance("two", "a", 0, 500),
                instance("three", "b", 0, 1000)))
        .contains(List.of("three"));
  }
}
