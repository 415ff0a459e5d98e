package dev.dunlin.engine.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A test of wasi-testsuite, as its doc/specification.md has it.
 *
 * @param operations what to do and to expect, in this order
 * @param servers what the guest talks to
 * @param service the guest answers requests; otherwise it is a command
 */
record WasiCase(
    String name, Path wasm, List<JsonNode> operations, List<JsonNode> servers, boolean service) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static WasiCase read(Path wasm) throws IOException {
    var file = wasm.getFileName().toString();
    var name = file.substring(0, file.lastIndexOf('.'));
    var json = wasm.resolveSibling(name + ".json");
    var config = Files.exists(json) ? JSON.readTree(json.toFile()) : JSON.createObjectNode();
    boolean plain = config.has("operations") || config.has("proposals") || config.has("servers");
    return new WasiCase(
        name,
        wasm,
        plain ? list(config.path("operations")) : legacy(config),
        list(config.path("servers")),
        config.path("world").asText().equals("wasi:http/service"));
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The older form: one run, what it writes, how it ends. */
  private static List<JsonNode> legacy(JsonNode config) {
    ArrayNode operations = JSON.createArrayNode();
    var run = operations.addObject().put("type", "run");
    for (var key : List.of("args", "env", "root")) {
      if (config.hasNonNull(key)) {
        run.set(key, config.get(key));
      }
    }
    for (var stream : List.of("stdout", "stderr")) {
      if (config.hasNonNull(stream)) {
        operations
            .addObject()
            .put("type", "read")
            .put("id", stream)
            .put("payload", config.get(stream).asText());
      }
    }
    operations.addObject().put("type", "wait").put("exit_code", config.path("exit_code").asInt(0));
    return list(operations);
  }
}
