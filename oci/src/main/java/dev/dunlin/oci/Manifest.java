package dev.dunlin.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A parsed manifest (image-spec, manifest.md and image-index.md, and Docker's older twins). */
sealed interface Manifest {
  /** One artifact. */
  record Artifact(Descriptor config, List<Descriptor> layers, Map<String, String> annotations)
      implements Manifest {
    public Artifact {
      layers = List.copyOf(layers);
      annotations = Map.copyOf(annotations);
    }
  }

  /** A choice of artifacts by platform. */
  record Index(List<Choice> choices) implements Manifest {
    public Index {
      choices = List.copyOf(choices);
    }
  }

  /** One artifact of an index; os and architecture are empty where it names none. */
  record Choice(Descriptor manifest, String os, String architecture) {
    @Override
    public String toString() {
      return os.isEmpty() ? "no platform" : os + "/" + architecture;
    }
  }

  /**
   * Reads a manifest or an index.
   *
   * @throws IllegalArgumentException saying what was expected and what the text begins with
   */
  static Manifest parse(byte[] text) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw unexpected("an OCI manifest or index in JSON", text);
    }
    if (json == null || !json.isObject()) {
      throw unexpected("an OCI manifest or index in JSON", text);
    }
    if (json.path("schemaVersion").asInt() == 1) {
      throw unexpected("schema version 2 (push it again with a newer client)", text);
    }
    boolean index = json.path("manifests").isArray();
    boolean artifact = json.path("layers").isArray() && json.path("config").isObject();
    if (index == artifact) {
      throw unexpected("an OCI manifest or index, with either 'layers' or 'manifests'", text);
    }
    return index ? indexOf(json) : artifactOf(json);
  }

  private static Artifact artifactOf(JsonNode json) {
    var layers = new ArrayList<Descriptor>();
    json.path("layers").forEach(layer -> layers.add(Descriptor.of(layer)));
    var annotations = new HashMap<String, String>();
    json.path("annotations")
        .properties()
        .forEach(entry -> annotations.put(entry.getKey(), entry.getValue().asText()));
    return new Artifact(Descriptor.of(json.path("config")), layers, annotations);
  }

  private static Index indexOf(JsonNode json) {
    var choices = new ArrayList<Choice>();
    for (JsonNode manifest : json.path("manifests")) {
      JsonNode platform = manifest.path("platform");
      choices.add(
          new Choice(
              Descriptor.of(manifest),
              platform.path("os").asText(""),
              platform.path("architecture").asText("")));
    }
    return new Index(choices);
  }

  private static IllegalArgumentException unexpected(String expected, byte[] text) {
    return new IllegalArgumentException(
        "expected " + expected + ", found " + Refusal.snippet(text));
  }
}
