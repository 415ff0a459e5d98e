package dev.dunlin.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of wasm-engine/guests: what it is, what is given to it, and what wasmtime made of that.
 *
 * @param reusable whether an instance can answer more than one request, on wasmtime too
 * @param module where its bytes are; empty when it is large and was not built here
 */
record GuestsTestGuest(
    String name,
    String kind,
    boolean reusable,
    Optional<Path> module,
    List<GuestsTestGuest.Case> cases) {
  private static final Path GUESTS = Path.of("guests");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One run or request, and what is expected of it. */
  record Case(JsonNode given, JsonNode expected) {
    String name() {
      return given.required("name").asText();
    }

    /** Whether the guest broke on wasmtime. */
    boolean fails() {
      return expected.path("failed").asBoolean();
    }

    boolean expects(int status) {
      return expected.path("status").asInt() == status;
    }

    HttpRequest request(String upstream) {
      List<HttpHeader> headers = new ArrayList<>();
      given
          .path("headers")
          .properties()
          .forEach(
              header -> headers.add(new HttpHeader(header.getKey(), header.getValue().asText())));
      byte[] body = given("body");
      if (given.has("body")) {
        headers.add(new HttpHeader("content-length", Integer.toString(body.length)));
      }
      return GuestsTestGuest.request(
          given.required("method").asText(),
          given.required("path").asText().replace("{upstream}", upstream),
          headers,
          new ByteArrayInputStream(body));
    }

    byte[] given(String part) {
      JsonNode value = given.path(part);
      String text =
          value.isObject()
              ? value.required("repeat").asText().repeat(value.required("times").asInt())
              : value.asText("");
      return text.getBytes(UTF_8);
    }
  }

  boolean http() {
    return kind.startsWith("http");
  }

  /** What every engine can run: core modules that are commands. */
  boolean command() {
    return kind.equals("command");
  }

  ModuleKind expectedKind() {
    return switch (kind) {
      case "command" -> ModuleKind.COMMAND;
      case "command-component" -> ModuleKind.COMMAND_COMPONENT;
      case "http-0.2", "http-0.3" -> ModuleKind.HTTP_COMPONENT;
      default -> throw new IllegalArgumentException(name + ": unknown kind " + kind);
    };
  }

  Case request(String name) {
    return cases.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  static HttpRequest request(
      String method, String target, List<HttpHeader> headers, InputStream body) {
    List<HttpHeader> all = new ArrayList<>(List.of(new HttpHeader("host", "example.com")));
    all.addAll(headers);
    String[] parts = target.split("\\?", 2);
    String query = parts.length == 2 ? parts[1] : "";
    return new HttpRequest(method, "http", "example.com", parts[0], query, all, body, "192.0.2.1");
  }

  /** What all guests of a kind are given: wasm-engine/guests/inputs. */
  static JsonNode inputs(boolean http) throws IOException {
    return read(GUESTS.resolve("inputs").resolve(http ? "http.json" : "command.json"));
  }

  static List<GuestsTestGuest> all() throws IOException, InterruptedException {
    List<GuestsTestGuest> all = new ArrayList<>();
    try (Stream<Path> folders = Files.list(GUESTS)) {
      for (Path folder : folders.sorted().toList()) {
        if (Files.exists(folder.resolve("guest.json")))
          all.add(read(folder.getFileName().toString()));
      }
    }
    return all;
  }

  private static GuestsTestGuest read(String name) throws IOException, InterruptedException {
    Path folder = GUESTS.resolve(name);
    JsonNode guest = read(folder.resolve("guest.json"));
    String kind = guest.required("kind").asText();
    String list = kind.startsWith("http") ? "requests" : "runs";
    JsonNode expected = read(folder.resolve("expected.json")).required(list);
    JsonNode given = inputs(kind.startsWith("http")).required(list);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Case one = new Case(given.get(i), expected.required(i));
      if (!one.name().equals(one.expected.required("name").asText())) {
        throw new IllegalStateException(name + " is not recorded anew: run guests/record " + name);
      }
      cases.add(one);
    }
    Path module = guest.path("large").asBoolean() ? large(name) : folder.resolve("guest.wasm");
    return new GuestsTestGuest(
        name,
        kind,
        guest.path("reusable").asBoolean(true),
        Optional.of(module).filter(Files::exists),
        List.copyOf(cases));
  }

  private static Path large(String name) throws IOException, InterruptedException {
    Process where =
        new ProcessBuilder(GUESTS.resolve("build-large").toString(), "--where", name).start();
    String path = new String(where.getInputStream().readAllBytes(), UTF_8).strip();
    if (where.waitFor() != 0 || path.isEmpty()) {
      throw new IllegalStateException(
          "guests/build-large --where " + name + " ended without a path");
    }
    return Path.of(path);
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
