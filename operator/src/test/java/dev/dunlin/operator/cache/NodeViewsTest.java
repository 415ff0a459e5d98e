package dev.dunlin.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.NodeTaint;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NodeViewsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private final Map<String, WasmNode> nodes = new HashMap<>();
  private final Map<String, io.fabric8.kubernetes.api.model.Node> hosts = new HashMap<>();
  private final NodeViews views = new NodeViews(() -> nodes.values().stream(), hosts::get);

  private Node look(Instant now) {
    return Objects.requireNonNull(views.at(now, Duration.ZERO).get("n"));
  }

  private void agent(String spec) {
    nodes.put(
        "n",
        Serialization.unmarshal(
            "---\nmetadata: {name: n, labels: {zone: agents, own: yes}}\nspec: %s\n"
                .formatted(spec),
            WasmNode.class));
    views.changed();
  }

  private void host(boolean unschedulable) {
    hosts.put(
        "n",
        new NodeBuilder()
            .withNewMetadata()
            .withName("n")
            .addToLabels("zone", "hosts")
            .endMetadata()
            .withNewSpec()
            .withUnschedulable(unschedulable)
            .addNewTaint()
            .withKey("gpu")
            .withValue("true")
            .withEffect("NoSchedule")
            .endTaint()
            .addNewTaint()
            .withKey("later")
            .withEffect("NoWhatever")
            .endTaint()
            .endSpec()
            .build());
    views.changed();
  }

  @Test
  void anAgentNeedsNoKubernetesNode() {
    agent("{}");

    assertThat(look(NOW).labels())
        .containsEntry("zone", "agents")
        .containsEntry("kubernetes.io/hostname", "n");
    assertThat(look(NOW).unschedulable()).isFalse();
  }

  @Test
  void theKubernetesNodesLabelsTaintsAndCordonCountToo() {
    agent("{taints: [{key: own, effect: NoExecute}]}");
    host(true);

    assertThat(look(NOW).labels()).containsEntry("zone", "hosts").containsKey("own");
    assertThat(look(NOW).taints()).extracting(NodeTaint::key).containsExactly("own", "gpu");
    assertThat(look(NOW).unschedulable()).isTrue();
  }

  @Test
  void aTaintIsThereSinceItWasFirstSeenWhereItDoesNotSay() {
    agent("{taints: [{key: off, effect: NoExecute}]}");
    look(NOW);
    agent("{unschedulable: true, taints: [{key: off, effect: NoExecute}]}");

    assertThat(look(NOW.plusSeconds(60)).taints())
        .containsExactly(new NodeTaint("off", "", TaintEffect.NoExecute, NOW));
  }

  @Test
  void aTaintIsThereSinceItSays() {
    agent("{taints: [{key: off, effect: NoExecute, timeAdded: \"2026-01-01T11:00:00Z\"}]}");

    assertThat(look(NOW).taints().getFirst().since()).isEqualTo("2026-01-01T11:00:00Z");
  }

  @Test
  void whatHasNotChangedIsNotWorkedOutAnew() {
    agent("{}");
    var before = look(NOW);
    views.changed();

    assertThat(look(NOW.plusSeconds(1))).isSameAs(before);
  }

  @Test
  void anAgentThatIsCalledAsItsPodIsOnTheMachineThatItNames() {
    nodes.put(
        "n",
        Serialization.unmarshal(
            "metadata: {name: n, labels: {kubernetes.io/hostname: machine}}", WasmNode.class));
    hosts.put(
        "machine",
        new NodeBuilder()
            .withNewMetadata()
            .withName("machine")
            .addToLabels("zone", "hosts")
            .endMetadata()
            .withNewSpec()
            .withUnschedulable(true)
            .endSpec()
            .build());

    assertThat(look(NOW).isToBeLeft()).isTrue();
    assertThat(look(NOW).labels()).containsEntry("zone", "hosts");
  }
}
