package dev.dunlin.operator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.operator.instance.AnInstance;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.ANode;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainedTest {
  private static final Instance RUNNING =
      Instance.of(AnInstance.of("app-1", "r", "n", "Running", true));
  private static final Instance ENDED =
      Instance.of(AnInstance.of("job-1", "r", "n", "Succeeded", false));

  private static String said(ANode node, Instance... instances) {
    return Drained.of(node.build(), List.of(instances))
        .map(it -> it.status() + " " + it.reason() + ": " + it.message())
        .orElse("nothing");
  }

  @Test
  void aNodeThatStaysHasNoSuchCondition() {
    assertThat(said(ANode.named("n"), RUNNING)).isEqualTo("nothing");
    assertThat(said(ANode.named("n").taint("gpu", "", TaintEffect.NoSchedule), RUNNING))
        .isEqualTo("nothing");
  }

  @Test
  void whatIsLeftOnANodeThatIsDrainedIsNamed() {
    assertThat(said(ANode.named("n").cordoned(), RUNNING, ENDED))
        .isEqualTo(
            "False Draining: 1 instances are left, each until another is ready in its place: ns/app-1.");
  }

  @Test
  void aNodeIsDrainedOnceNothingRunsThere() {
    assertThat(said(ANode.named("n").cordoned(), ENDED)).startsWith("True Drained");
    assertThat(said(ANode.named("n").draining())).startsWith("True Drained");
    assertThat(said(ANode.named("n").taint("off", "", TaintEffect.NoExecute)))
        .startsWith("True Drained");
  }
}
