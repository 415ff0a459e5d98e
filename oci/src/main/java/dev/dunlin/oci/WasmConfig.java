package dev.dunlin.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebAssembly artifact's configuration (CNCF TAG Runtime, Wasm OCI Artifact, v0).
 *
 * @param os {@code wasip1}, {@code wasip2}, ...; empty when it names none
 */
record WasmConfig(String os, boolean component, List<String> imports, List<String> exports) {
  /**
   * @throws IllegalArgumentException saying what was expected and what the text begins with
   */
  static WasmConfig parse(byte[] text) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected a configuration in JSON, found " + Refusal.snippet(text), e);
    }
    JsonNode component = json.path("component");
    return new WasmConfig(
        json.path("os").asText(""),
        component.isObject(),
        texts(component.path("imports")),
        texts(component.path("exports")));
  }

  RemoteModule.Form form() {
    if (component) {
      return RemoteModule.Form.COMPONENT;
    }
    return switch (os) {
      case "wasip1" -> RemoteModule.Form.CORE_MODULE;
      case "wasip2", "wasip3" -> RemoteModule.Form.COMPONENT;
      default -> RemoteModule.Form.UNKNOWN;
    };
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asText("")));
    return texts;
  }
}
