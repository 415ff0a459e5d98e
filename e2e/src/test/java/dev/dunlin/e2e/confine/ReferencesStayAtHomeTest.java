package dev.dunlin.e2e.confine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user writes refers to objects by name: they are of its own namespace. */
class ReferencesStayAtHomeTest {
  /** A Gateway, which says itself whom it lets in. */
  private static final String GATEWAY = "WasmApp.spec.http.route.parentRefs.namespace";

  @Test
  void nothingThatUsersWriteNamesANamespace() throws IOException {
    var found = new TreeSet<String>();
    for (var file : Repository.crdFiles()) {
      JsonNode crd = Serialization.unmarshal(Files.readString(file), JsonNode.class);
      if (crd.at("/spec/scope").asText().equals("Namespaced"))
        for (JsonNode version : crd.at("/spec/versions"))
          collect(
              crd.at("/spec/names/kind").asText() + ".spec",
              version.at("/schema/openAPIV3Schema/properties/spec"),
              found);
    }

    assertThat(found).contains("WasmApp.spec.volumes.secret.secretName", GATEWAY);
    assertThat(found.stream().filter(path -> path.toLowerCase(Locale.ROOT).endsWith("namespace")))
        .containsExactly(GATEWAY);
  }

  private static void collect(String path, JsonNode schema, Set<String> found) {
    found.add(path);
    schema
        .at("/properties")
        .properties()
        .forEach(it -> collect(path + "." + it.getKey(), it.getValue(), found));
    Stream.of("/items", "/additionalProperties")
        .map(schema::at)
        .filter(JsonNode::isObject)
        .forEach(inner -> collect(path, inner, found));
  }
}
