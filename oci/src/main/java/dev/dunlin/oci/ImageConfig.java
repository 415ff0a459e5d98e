package dev.dunlin.oci;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a container image's configuration (image-spec, config.md) says of its entry point. */
record ImageConfig(String os, String architecture, List<String> command, String workingDir) {
  ImageConfig {
    command = List.copyOf(command);
  }

  /**
   * @throws IllegalArgumentException saying what was expected and what the text begins with
   */
  static ImageConfig parse(byte[] text) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected an image configuration in JSON, found " + Refusal.snippet(text), e);
    }
    var command = new ArrayList<String>();
    json.path("config").path("Entrypoint").forEach(word -> command.add(word.asText()));
    json.path("config").path("Cmd").forEach(word -> command.add(word.asText()));
    return new ImageConfig(
        json.path("os").asText(""),
        json.path("architecture").asText(""),
        command,
        json.path("config").path("WorkingDir").asText(""));
  }

  /**
   * The path of the module from the root, {@code app/main.wasm}.
   *
   * @param marked whether the manifest is annotated as a WebAssembly image
   * @throws IllegalArgumentException when the image is none, or names no file
   */
  String modulePath(boolean marked) {
    if (command.isEmpty()) {
      throw new IllegalArgumentException(
          "expected an Entrypoint or Cmd that names the module, found neither");
    }
    String entry = command.getFirst();
    boolean wasm =
        marked
            || os.toLowerCase(Locale.ROOT).startsWith("wasi")
            || architecture.toLowerCase(Locale.ROOT).startsWith("wasm")
            || entry.endsWith(".wasm");
    if (!wasm) {
      throw new IllegalArgumentException(
          "expected a WebAssembly module, found a container image for %s/%s that starts '%s'"
              .formatted(os, architecture, entry));
    }
    String path = RootPath.of(entry.startsWith("/") ? entry : workingDir + "/" + entry);
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "expected an entry point that names a file, found '" + entry + "'");
    }
    return path;
  }
}
