package dev.dunlin.e2e.docs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One YAML document of a page or of an example.
 *
 * @param where the page and the line of its block
 */
record Snippet(String where, ObjectNode yaml) {
  /** Kinds of other projects, whose CRDs the tests' API server does not have. */
  private static final Set<String> FOREIGN =
      Set.of(
          "core.spinkube.dev",
          "gateway.networking.k8s.io",
          "keda.sh",
          "monitoring.coreos.com",
          "runtime.wasmcloud.dev");

  private static final Set<String> FIELDS_OF_AN_APP =
      Stream.of(WasmAppSpec.class.getRecordComponents())
          .map(RecordComponent::getName)
          .collect(Collectors.toUnmodifiableSet());

  /** Those of every page, and the manifests of the examples. */
  static List<Snippet> all() throws IOException {
    var all = new ArrayList<Snippet>();
    for (Page page : Page.all()) {
      for (Page.Block block : page.blocks()) {
        if (block.language().equals("yaml")) all.addAll(of(block.toString(), block.text()));
      }
    }
    Path root = Repository.root();
    try (Stream<Path> files = Files.walk(root.resolve("examples"), 2)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
        all.addAll(of(root.relativize(file).toString(), Files.readString(file)));
      }
    }
    return all;
  }

  private static List<Snippet> of(String where, String text) {
    return Stream.of(text.split("(?m)^---$", -1))
        .filter(document -> !document.isBlank())
        .map(document -> new Snippet(where, parse(where, document)))
        .toList();
  }

  private static ObjectNode parse(String where, String document) {
    try {
      return Serialization.unmarshal(document, ObjectNode.class);
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(where, new IOException(document, e));
    }
  }

  boolean isObject() {
    return yaml.has("apiVersion") && yaml.has("kind");
  }

  /** Of a kind that the API server knows. */
  boolean isKnown() {
    return isObject() && !FOREIGN.contains(yaml.get("apiVersion").asText().split("/", 2)[0]);
  }

  boolean isForeign() {
    return isObject() && !isKnown();
  }

  /** A part of a WasmApp: its spec, or some of its fields. */
  boolean isPartOfAnApp() {
    return !isObject() && (keys().equals(Set.of("spec")) || FIELDS_OF_AN_APP.containsAll(keys()));
  }

  Set<String> keys() {
    return yaml.propertyStream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  /** The object itself, or the app that this is a part of. */
  ObjectNode whole() {
    if (isObject()) return yaml.deepCopy();
    ObjectNode app = JsonNodeFactory.instance.objectNode();
    app.put("apiVersion", "dunlin.dev/v1alpha1").put("kind", "WasmApp");
    app.putObject("metadata").put("name", "part");
    ObjectNode spec = yaml.has("spec") ? (ObjectNode) yaml.get("spec").deepCopy() : yaml.deepCopy();
    if (!spec.has("image")) spec.put("image", "registry.example.com/part:1");
    app.set("spec", spec);
    return app;
  }

  @Override
  public String toString() {
    String what =
        isObject()
            ? yaml.get("kind").asText() + " " + yaml.at("/metadata/name").asText()
            : String.join(", ", keys());
    return where + " " + what;
  }
}
