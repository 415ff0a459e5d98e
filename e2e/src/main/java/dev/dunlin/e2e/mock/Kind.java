package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource of the API as one version serves it: what a CustomResourceDefinition says, for
 * built-in kinds too.
 *
 * @param generation whether a change of the spec counts {@code metadata.generation} up
 * @param unconditionalUpdate whether a PUT without a resourceVersion is taken
 */
record Kind(
    String group,
    String version,
    String name,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    boolean status,
    @Nullable ScalePaths scale,
    boolean generation,
    boolean unconditionalUpdate,
    List<String> selectableFields,
    List<Column> columns,
    JsonNode schema) {

  /** Where a kind keeps what {@code /scale} shows, each as a simple JSON path. */
  record ScalePaths(String specReplicas, String statusReplicas, @Nullable String selector) {}

  /** A column of {@code kubectl get}; priority 0 is always shown, others with {@code -o wide}. */
  record Column(String name, String type, int priority, String jsonPath) {}

  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** As messages name it: {@code wasmapps.dunlin.dev}. */
  String qualifiedName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean isCustom() {
    return schema.isObject();
  }
}
