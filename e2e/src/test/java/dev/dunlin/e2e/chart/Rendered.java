package dev.dunlin.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Objects that a chart gives, as text, by kind, namespace and name, in the order of the chart. */
record Rendered(Map<String, String> objects) {
  private static final String CRD = "CustomResourceDefinition ";

  static final Rendered NOTHING = new Rendered(Map.of());

  static Rendered of(Chart chart, List<Path> values) {
    var objects = new LinkedHashMap<String, String>();
    for (String document : chart.template(values).split("(?m)^---\n?", -1)) {
      String text =
          document.lines().filter(line -> !line.isBlank()).collect(Collectors.joining("\n"));
      JsonNode object = Serialization.unmarshal(text, JsonNode.class);
      if (object != null && object.has("kind")) objects.put(key(object), text + "\n");
    }
    return new Rendered(objects);
  }

  private static String key(JsonNode object) {
    return Stream.of("/kind", "/metadata/namespace", "/metadata/name")
        .map(place -> object.at(place).asText())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** The one of that kind and name. */
  JsonNode object(String kind, String name) {
    return objects.entrySet().stream()
        .filter(it -> it.getKey().startsWith(kind + " ") && it.getKey().endsWith(" " + name))
        .map(it -> Objects.requireNonNull(Serialization.unmarshal(it.getValue(), JsonNode.class)))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no " + kind + " " + name + " in " + objects.keySet()));
  }

  /** What differs from others, but for CRDs: those that are gone, then those that are others. */
  String besides(Rendered others) {
    Stream<String> gone =
        others.objects().keySet().stream()
            .filter(key -> !objects.containsKey(key) && !key.startsWith(CRD))
            .map(key -> "# Not there: " + key + "\n");
    Stream<String> changed =
        objects.entrySet().stream()
            .filter(it -> !it.getKey().startsWith(CRD))
            .filter(it -> !it.getValue().equals(others.objects().get(it.getKey())))
            .map(it -> "---\n" + it.getValue());
    return Stream.concat(gone, changed).collect(Collectors.joining());
  }
}
