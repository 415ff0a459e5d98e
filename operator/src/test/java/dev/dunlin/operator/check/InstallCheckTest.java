package dev.dunlin.operator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmNode;
import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class InstallCheckTest {
  private static final String NAME = "v1.x.dev";

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @Test
  void anEmptyClusterLacksBoth() {
    assertThat(amiss())
        .hasSize(2)
        .anyMatch(it -> it.startsWith("There is no WasmNode"))
        .anyMatch(it -> it.startsWith("There is no APIService v1.x.dev"));
  }

  @Test
  void whatIsThereAndDoesNotWorkSaysWhy() {
    node("a", "False", "The agent of node a has stopped.");
    apiService("False", "no endpoints");

    assertThat(amiss())
        .containsExactly(
            "WasmNode a is not ready: The agent of node a has stopped.",
            "APIService v1.x.dev is not available: no endpoints");
  }

  @Test
  void oneReadyAgentAndAnApiThatAnswersAreEnough() {
    node("a", "False", "gone");
    node("b", "True", "");
    apiService("True", "");

    assertThat(amiss()).isEmpty();
  }

  private List<String> amiss() {
    return InstallCheck.amiss(client, NAME);
  }

  private void node(String name, String ready, String message) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: dunlin.dev/v1alpha1
                kind: WasmNode
                metadata: {name: %s}
                status: {conditions: [{type: Ready, status: "%s", reason: R, message: "%s"}]}
                """
                    .formatted(name, ready, message),
                WasmNode.class))
        .create();
  }

  private void apiService(String available, String message) {
    client
        .resource(
            new APIServiceBuilder()
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Available")
                .withStatus(available)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build())
        .create();
  }
}
