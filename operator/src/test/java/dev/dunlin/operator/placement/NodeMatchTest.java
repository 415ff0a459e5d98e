package dev.dunlin.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.NodeSelector;
import dev.dunlin.api.v1alpha1.NodeSelectorOperator;
import dev.dunlin.api.v1alpha1.NodeSelectorRequirement;
import dev.dunlin.api.v1alpha1.NodeSelectorTerm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeMatchTest {
  private static final Node NODE =
      ANode.named("n1").label("zone", "z1").label("cores", "8").label("weak", "yes").build();

  private static NodeSelectorRequirement requirement(
      String key, NodeSelectorOperator operator, String values) {
    return new NodeSelectorRequirement(
        key, operator, values.isEmpty() ? List.of() : List.of(values.split(" ", -1)));
  }

  private static NodeSelectorTerm labels(NodeSelectorRequirement... required) {
    return new NodeSelectorTerm(List.of(required), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "zone, In, z0 z1, true",
    "zone, In, z0 z2, false",
    "absent, In, z1, false",
    "zone, NotIn, z0 z2, true",
    "zone, NotIn, z1, false",
    "absent, NotIn, z1, true",
    "zone, Exists, '', true",
    "absent, Exists, '', false",
    "zone, DoesNotExist, '', false",
    "absent, DoesNotExist, '', true",
    "cores, Gt, 7, true",
    "cores, Gt, 8, false",
    "cores, Lt, 9, true",
    "cores, Lt, 8, false",
    "zone, Gt, 1, false",
    "zone, Lt, 1, false",
    "absent, Lt, 1, false",
  })
  void eachOperatorMeansWhatItMeansForPods(
      String key, NodeSelectorOperator operator, String values, boolean matches) {
    assertThat(NodeMatch.matches(labels(requirement(key, operator, values)), NODE))
        .isEqualTo(matches);
  }

  @Test
  void aNodeCanBeNamed() {
    var named =
        new NodeSelectorTerm(
            List.of(), List.of(requirement("metadata.name", NodeSelectorOperator.In, "n0 n1")));
    var others =
        new NodeSelectorTerm(
            List.of(), List.of(requirement("metadata.name", NodeSelectorOperator.NotIn, "n1")));

    assertThat(NodeMatch.matches(named, NODE)).isTrue();
    assertThat(NodeMatch.matches(others, NODE)).isFalse();
  }

  @Test
  void allRequirementsOfATermHaveToBeMet() {
    var in = requirement("zone", NodeSelectorOperator.In, "z1");

    assertThat(
            NodeMatch.matches(labels(in, requirement("cores", NodeSelectorOperator.Gt, "7")), NODE))
        .isTrue();
    assertThat(
            NodeMatch.matches(labels(in, requirement("cores", NodeSelectorOperator.Gt, "8")), NODE))
        .isFalse();
  }

  @Test
  void oneTermOfASelectorHasToMatch() {
    var no = labels(requirement("zone", NodeSelectorOperator.In, "z0"));
    var yes = labels(requirement("zone", NodeSelectorOperator.In, "z1"));

    assertThat(NodeMatch.matches(new NodeSelector(List.of(no, yes)), NODE)).isTrue();
    assertThat(NodeMatch.matches(new NodeSelector(List.of(no, no)), NODE)).isFalse();
  }

  @Test
  void aTermThatRequiresNothingMatchesNothing() {
    assertThat(NodeMatch.matches(labels(), NODE)).isFalse();
  }
}
