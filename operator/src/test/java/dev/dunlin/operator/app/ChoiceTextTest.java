package dev.dunlin.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.placement.NodeChoice;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ChoiceTextTest {
  @Test
  void whatATemplateSaysOfNodesSurvivesBeingWrittenDown() {
    var spec =
        Serialization.unmarshal(
            """
            image: i
            nodeSelector: {disk: ssd}
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [z]}]}]
            tolerations: [{key: edge, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone}]
            """,
            WasmAppSpec.class);
    var choice = NodeChoice.of(spec);

    assertThat(ChoiceText.parse(ChoiceText.of(choice))).isEqualTo(choice);
  }

  @Test
  void whatIsNotOursAsksForNothing() {
    assertThat(ChoiceText.parse("yes")).isEqualTo(NodeChoice.ANY);
    assertThat(ChoiceText.parse("{\"later\": 1}")).isEqualTo(NodeChoice.ANY);
  }
}
