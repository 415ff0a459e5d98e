package dev.dunlin.operator.placement;

import static dev.dunlin.api.v1alpha1.UnsatisfiableConstraintAction.DoNotSchedule;
import static dev.dunlin.api.v1alpha1.UnsatisfiableConstraintAction.ScheduleAnyway;
import static dev.dunlin.operator.placement.ANode.NOW;
import static dev.dunlin.operator.placement.ANode.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.TopologySpreadConstraint;
import dev.dunlin.api.v1alpha1.UnsatisfiableConstraintAction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String HOST = "kubernetes.io/hostname";

  private static TopologySpreadConstraint constraint(
      int maxSkew, String key, UnsatisfiableConstraintAction otherwise, @Nullable Integer domains) {
    return new TopologySpreadConstraint(maxSkew, key, otherwise, domains);
  }

  private static Demand demand(
      Map<String, String> selector, TopologySpreadConstraint... constraints) {
    return new Demand(
        new NodeChoice(selector, null, List.of(), List.of(constraints)),
        mebibytes(64, 1),
        Set.of("wasi:p1"),
        "sha256:a",
        Optional.empty());
  }

  private static ANode in(String zone, String name) {
    return ANode.named(name).label(ZONE, zone);
  }

  private static Placement place(
      Nodes nodes, Demand demand, Map<String, Integer> ofApp, int count) {
    return Placement.of(nodes, demand, ofApp, count, NOW);
  }

  @Test
  void noZoneHasMoreThanTheSkewAboveTheLeast() {
    var nodes = ANode.all(in("x", "a"), in("x", "b"), in("x", "c"), in("y", "d"));

    var placement =
        place(nodes, demand(Map.of(), constraint(1, ZONE, DoNotSchedule, null)), Map.of(), 4);

    assertThat(placement.nodes()).hasSize(4).filteredOn("d"::equals).hasSize(2);
  }

  @Test
  void whatWouldMakeItUnevenIsNotPlaced() {
    var nodes =
        ANode.using(Map.of("d", mebibytes(1000, 1)), in("x", "a"), in("x", "b"), in("y", "d"));

    var placement =
        place(nodes, demand(Map.of(), constraint(1, ZONE, DoNotSchedule, null)), Map.of(), 2);

    assertThat(placement.nodes()).containsExactly("a");
    assertThat(placement.why())
        .isEqualTo(
            "0/3 nodes are available: 1 Insufficient memory, 2 didn't match topology spread constraints.");
  }

  @Test
  void aNodeWithoutTheLabelIsInNoDomain() {
    var nodes = ANode.all(ANode.named("a"), in("x", "b"));

    var placement =
        place(nodes, demand(Map.of(), constraint(1, ZONE, DoNotSchedule, null)), Map.of(), 2);

    assertThat(placement.nodes()).containsExactly("b", "b");
    assertThat(
            place(
                    ANode.all(ANode.named("a")),
                    demand(Map.of(), constraint(1, ZONE, DoNotSchedule, null)),
                    Map.of(),
                    1)
                .why())
        .isEqualTo(
            "0/1 nodes are available: 1 didn't match topology spread constraints (missing required label).");
  }

  @Test
  void withFewerDomainsThanThereMustBeTheLeastCountsAsNone() {
    var nodes = ANode.all(in("x", "a"), in("y", "b"));
    var demand = demand(Map.of(), constraint(1, ZONE, DoNotSchedule, 3));

    assertThat(place(nodes, demand, Map.of(), 3).nodes()).containsExactly("a", "b");
  }

  @Test
  void severalConstraintsHoldTogether() {
    var nodes = ANode.all(in("x", "a"), in("x", "b"), in("y", "c"));
    var demand =
        demand(
            Map.of(),
            constraint(2, ZONE, DoNotSchedule, null),
            constraint(1, HOST, DoNotSchedule, null));

    assertThat(place(nodes, demand, Map.of(), 5).nodes())
        .containsExactlyInAnyOrder("a", "b", "c", "a", "c");
  }

  @Test
  void whatAlreadyRunsCounts() {
    var nodes = ANode.all(in("x", "a"), in("y", "b"));
    var demand = demand(Map.of(), constraint(1, ZONE, DoNotSchedule, null));

    assertThat(place(nodes, demand, Map.of("a", 2), 1).nodes()).containsExactly("b");
  }

  @Test
  void onlyNodesThatTheAppMayBeOnMakeDomains() {
    var nodes = ANode.all(in("x", "a").label("disk", "ssd"), in("y", "b"));
    var demand = demand(Map.of("disk", "ssd"), constraint(1, ZONE, DoNotSchedule, null));

    assertThat(place(nodes, demand, Map.of(), 3).nodes()).containsExactly("a", "a", "a");
  }

  @Test
  void aLostNodeMakesNoDomainSoThatItsZonesEndHoldsNothingUp() {
    var nodes = ANode.all(in("x", "a"), in("y", "b").lost());
    var demand = demand(Map.of(), constraint(1, ZONE, DoNotSchedule, null));

    assertThat(place(nodes, demand, Map.of("a", 1), 2).nodes()).containsExactly("a", "a");
  }

  @Test
  void theEmptierZoneIsChosenWhereUnevennessIsAllowed() {
    var nodes = ANode.all(in("x", "a"), in("x", "b"), in("y", "c"));
    var demand = demand(Map.of(), constraint(1, ZONE, ScheduleAnyway, null));

    assertThat(place(nodes, demand, Map.of("a", 3, "c", 1), 2).nodes()).containsExactly("c", "c");
  }

  @Test
  void unevennessThatIsAllowedKeepsNothingFromBeingPlaced() {
    var nodes = ANode.using(Map.of("c", mebibytes(1000, 1)), in("x", "a"), in("y", "c"));
    var demand = demand(Map.of(), constraint(1, ZONE, ScheduleAnyway, null));

    assertThat(place(nodes, demand, Map.of("a", 3), 2).nodes()).containsExactly("a", "a");
  }
}
