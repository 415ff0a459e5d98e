package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An example's checks.json, as docs/examples.md describes it: what it must answer or print.
 *
 * @param outside the hosts that the example asks; to be closed
 */
record Checks(Path folder, JsonNode json, StandIns outside) implements AutoCloseable {

  static Checks of(Path example) throws IOException {
    String text = Files.readString(example.resolve("checks.json"));
    var outside = StandIns.of(new ObjectMapper().readTree(text));
    return new Checks(example, new ObjectMapper().readTree(outside.in(text)), outside);
  }

  /** What is applied: wasmapp.yaml as it is, but for hosts of the outside. */
  String manifest() throws IOException {
    return outside.in(Files.readString(folder.resolve("wasmapp.yaml")));
  }

  @Override
  public void close() {
    outside.close();
  }

  /** http, worker or job. */
  String kind() {
    return json.get("kind").asText();
  }

  /** What the first run prints on its standard output. */
  List<String> output() {
    return texts(json.path("runs").path(0).path("expect").path("stdout"));
  }

  /** Sends every request and compares the answers. */
  void ask(ServiceProxy service) throws IOException {
    for (JsonNode request : json.path("requests")) {
      HttpAnswer answer = service.send(call(request));
      compare(request.get("name").asText(), request.get("expect"), answer);
    }
  }

  private HttpCall call(JsonNode request) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> header : request.path("headers").properties()) {
      headers.put(header.getKey(), header.getValue().asText());
    }
    return new HttpCall(
        request.get("method").asText(), request.get("path").asText(), headers, body(request));
  }

  private byte[] body(JsonNode request) throws IOException {
    if (request.has("bodyFile")) {
      return Files.readAllBytes(folder.resolve(request.get("bodyFile").asText()));
    }
    JsonNode body = request.path("body");
    String text =
        body.isObject()
            ? body.get("repeat").asText().repeat(body.get("times").asInt())
            : body.asText("");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void compare(String name, JsonNode expect, HttpAnswer answer) {
    assertThat(answer.status())
        .as("%s: status of %s", name, answer)
        .isEqualTo(expect.get("status").asInt());
    for (Map.Entry<String, JsonNode> header : expect.path("headers").properties()) {
      assertThat(answer.headers().get(header.getKey().toLowerCase(Locale.ROOT)))
          .as("%s: header %s", name, header.getKey())
          .startsWith(header.getValue().asText());
    }
    for (String part : texts(expect.path("body"))) {
      assertThat(answer.text()).as(name).contains(part);
    }
    if (expect.has("bodyIs")) {
      assertThat(answer.text()).as(name).isEqualTo(expect.get("bodyIs").asText());
    }
    String hex = HexFormat.of().formatHex(answer.body());
    assertThat(hex)
        .as(name)
        .startsWith(expect.path("bodyStartsWithHex").asText(""))
        .contains(expect.path("bodyContainsHex").asText(""));
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
