package dev.dunlin.e2e.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The chart's values. */
final class HelmValues {
  private HelmValues() {}

  /** Whether all that a page sets are values that the chart has. */
  static boolean areIn(Snippet snippet) {
    return !snippet.isObject() && areIn(snippet.yaml(), values());
  }

  private static boolean areIn(JsonNode given, JsonNode known) {
    // What is empty by default takes anything: labels, affinity, resources.
    if (!given.isObject() || !known.isObject() || known.isEmpty()) return true;
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      JsonNode there = known.get(each.getKey());
      if (there == null || !areIn(each.getValue(), there)) return false;
    }
    return true;
  }

  private static JsonNode values() {
    Path file = Repository.root().resolve("helm/dunlin/values.yaml");
    try {
      return Serialization.unmarshal(Files.readString(file), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
