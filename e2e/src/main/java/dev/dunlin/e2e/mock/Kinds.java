package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.e2e.mock.Kind.Column;
import dev.dunlin.e2e.mock.Kind.ScalePaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

/** Every kind that is served now: the built-in ones and those of CustomResourceDefinitions. */
final class Kinds {
  private final List<Kind> kinds = new CopyOnWriteArrayList<>(BuiltInKinds.all());

  List<Kind> all() {
    return List.copyOf(kinds);
  }

  Optional<Kind> find(String group, String version, String plural) {
    return kinds.stream()
        .filter(kind ->
            kind.group().equals(group)
                && kind.version().equals(version)
                && kind.plural().equals(plural))
        .findFirst();
  }

  Kind builtIn(String group, String plural) {
    return find(group, "v1", plural).orElseThrow();
  }

  /** Serves what that CustomResourceDefinition defines, instead of what it defined before. */
  void define(JsonNode definition) {
    List<Kind> defined = of(definition);
    forget(definition);
    kinds.addAll(defined);
  }

  void forget(JsonNode definition) {
    String group = definition.path("spec").path("group").asText();
    String plural = definition.path("spec").path("names").path("plural").asText();
    kinds.removeIf(kind -> kind.group().equals(group) && kind.plural().equals(plural));
  }

  static List<Kind> of(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    var served = new ArrayList<Kind>();
    for (JsonNode version : spec.path("versions")) {
      if (version.path("served").asBoolean()) served.add(of(spec, version));
    }
    return served;
  }

  private static Kind of(JsonNode spec, JsonNode version) {
    JsonNode names = spec.path("names");
    JsonNode subresources = version.path("subresources");
    return new Kind(
        spec.path("group").asText(),
        version.path("name").asText(),
        names.path("kind").asText(),
        names.path("plural").asText(),
        names.path("singular").asText(),
        spec.path("scope").asText().equals("Namespaced"),
        texts(names.path("shortNames")),
        texts(names.path("categories")),
        subresources.has("status"),
        subresources.has("scale") ? scale(subresources.path("scale")) : null,
        true,
        false,
        StreamSupport.stream(version.path("selectableFields").spliterator(), false)
            .map(field -> field.path("jsonPath").asText())
            .toList(),
        columns(version.path("additionalPrinterColumns")),
        version.path("schema").path("openAPIV3Schema"));
  }

  private static ScalePaths scale(JsonNode scale) {
    return new ScalePaths(
        scale.path("specReplicasPath").asText(),
        scale.path("statusReplicasPath").asText(),
        scale.has("labelSelectorPath") ? scale.path("labelSelectorPath").asText() : null);
  }

  private static List<Column> columns(JsonNode declared) {
    var columns = new ArrayList<Column>();
    for (JsonNode column : declared) {
      columns.add(
          new Column(
              column.path("name").asText(),
              column.path("type").asText(),
              column.path("priority").asInt(0),
              column.path("jsonPath").asText()));
    }
    if (columns.isEmpty()) columns.add(new Column("Age", "date", 0, ".metadata.creationTimestamp"));
    return columns;
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
