package dev.dunlin.oci;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A module to be pushed as a CNCF WebAssembly artifact (TAG Runtime, Wasm OCI Artifact, v0).
 *
 * @param wasm the binary
 * @param os {@code wasip1} for a core module, {@code wasip2} or {@code wasip3} for a component
 * @param component whether it is one: its imports and exports are then in the configuration
 * @param imports interfaces that it imports, as {@code wasi:http/types@0.2.12}
 * @param exports the same of those that it exports
 * @param annotations of the manifest, {@code org.opencontainers.image.*} and others
 * @param created when the module was made; the same module with the same time has the same digest
 */
@SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
public record ModuleArtifact(
    byte[] wasm,
    String os,
    boolean component,
    List<String> imports,
    List<String> exports,
    Map<String, String> annotations,
    Instant created) {
  public ModuleArtifact {
    Objects.requireNonNull(created);
    imports = List.copyOf(imports);
    exports = List.copyOf(exports);
    annotations = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /** The configuration, as JSON. */
  byte[] config() {
    var json = Json.MAPPER.createObjectNode();
    json.put("created", created.toString());
    json.put("architecture", "wasm");
    json.put("os", os);
    json.putArray("layerDigests").add(Digest.of(wasm).toString());
    if (component) {
      var told = json.putObject("component");
      exports.forEach(told.putArray("exports")::add);
      imports.forEach(told.putArray("imports")::add);
    }
    return Json.bytes(json);
  }

  /** The manifest that names {@code config} and the module, as JSON. */
  byte[] manifest(byte[] config) {
    var json = Json.MAPPER.createObjectNode();
    json.put("schemaVersion", 2);
    json.put("mediaType", MediaTypes.OCI_MANIFEST);
    describe(json.putObject("config"), MediaTypes.WASM_CONFIG, config);
    describe(json.putArray("layers").addObject(), MediaTypes.WASM_LAYER, wasm);
    if (!annotations.isEmpty()) {
      annotations.forEach(json.putObject("annotations")::put);
    }
    return Json.bytes(json);
  }

  private static void describe(
      com.fasterxml.jackson.databind.node.ObjectNode json, String mediaType, byte[] content) {
    json.put("mediaType", mediaType);
    json.put("digest", Digest.of(content).toString());
    json.put("size", content.length);
  }
}
