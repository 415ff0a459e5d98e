package dev.dunlin.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An API server takes every manifest that a page or an example shows. */
@OnRealApiServer
class DocumentedYamlTest {
  static List<Snippet> manifests() throws IOException {
    return Snippet.all().stream()
        .filter(snippet -> snippet.isKnown() || snippet.isPartOfAnApp())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theApiServerTakesIt(Snippet snippet, ControlPlane controlPlane) {
    ObjectNode object = snippet.whole();
    // Its namespace is the reader's; here there is only the test's.
    ((ObjectNode) object.required("metadata")).remove("namespace");
    var client = controlPlane.client();

    var accepted =
        client
            .resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
            .inNamespace(client.getNamespace())
            .dryRun(true)
            .fieldValidation(FieldValidateable.Validation.STRICT)
            .forceConflicts() // another class may have left one of that name in no namespace
            .serverSideApply();

    assertThat(accepted.getMetadata().getUid()).isNotNull();
  }

  @Test
  void appsOfEveryKindAreAmongThem() throws IOException {
    assertThat(manifests().stream().map(Snippet::whole).map(it -> it.get("kind").asText()))
        .contains("WasmApp", "WasmQuota", "WasmVolume", "HorizontalPodAutoscaler", "ClusterRole");
  }
}
