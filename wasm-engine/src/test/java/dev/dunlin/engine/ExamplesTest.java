package dev.dunlin.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Runs every example on each engine alone and compares what it does with its checks.json
 * (docs/examples.md describes the file). Components run on the native engine, where it is built.
 */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "examples");

  /** Far longer than any check takes: a check that hangs fails. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path scratch;
  private static final List<Engines.Choice> ENGINES =
      List.of(Engines.Choice.JVM, Engines.Choice.NATIVE);

  /** What could be opened, and why the others could not. */
  private static final Map<Engines.Choice, Engine> OPEN = new LinkedHashMap<>();

  private static final Map<Engines.Choice, String> CLOSED = new LinkedHashMap<>();
  private static final List<Example> EXAMPLES_OPEN = new ArrayList<>();

  @BeforeAll
  static void openEngines() {
    for (Engines.Choice choice : ENGINES) {
      try {
        OPEN.put(choice, Engines.open(scratch.resolve(choice.name()), choice));
      } catch (IllegalStateException e) {
        CLOSED.put(choice, String.valueOf(e.getMessage()));
      }
    }
  }

  @AfterAll
  static void closeEngines() {
    EXAMPLES_OPEN.forEach(Example::close);
    OPEN.values().forEach(Engine::close);
  }

  @TestFactory
  List<DynamicContainer> exampleDoesWhatItsChecksSay() throws IOException {
    List<DynamicContainer> examples = new ArrayList<>();
    for (Path folder : folders()) {
      for (Engines.Choice engine : ENGINES) {
        if (engine != Engines.Choice.JVM || !isComponent(folder)) {
          Example example = Example.read(folder, engine);
          EXAMPLES_OPEN.add(example);
          examples.add(dynamicContainer(example.name() + " on " + engine, example.tests()));
        }
      }
    }
    assertThat(examples).isNotEmpty();
    return examples;
  }

  /** Component Model binary format: layer 1 in the second half of the version. */
  private static boolean isComponent(Path folder) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve("app.wasm"))) {
      return in.readNBytes(8)[6] == 1;
    }
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> entries = Files.list(EXAMPLES)) {
      return entries.filter(folder -> Files.exists(folder.resolve("app.wasm"))).sorted().toList();
    }
  }

  /** One folder with its checks, on one engine. */
  private static final class Example implements AutoCloseable {
    private final Path folder;
    private final Engines.Choice engine;
    private final StandIns outside;
    private final JsonNode checks;
    private final Map<String, Path> writable = new LinkedHashMap<>();

    /** Loaded by the first check. */
    private @Nullable Module module;

    private Example(Path folder, Engines.Choice engine, StandIns outside, JsonNode checks) {
      this.folder = folder;
      this.engine = engine;
      this.outside = outside;
      this.checks = checks;
    }

    static Example read(Path folder, Engines.Choice engine) throws IOException {
      String text = Files.readString(folder.resolve("checks.json"));
      StandIns outside = StandIns.of(new ObjectMapper().readTree(text));
      return new Example(folder, engine, outside, new ObjectMapper().readTree(outside.in(text)));
    }

    @Override
    public void close() {
      outside.close();
      if (module != null) module.close();
    }

    String name() {
      return folder.getFileName().toString();
    }

    Stream<DynamicTest> tests() {
      boolean http = checks.required("kind").asText().equals("http");
      List<JsonNode> all = list(checks.required(http ? "requests" : "runs"));
      assertThat(all).as("checks of %s", name()).isNotEmpty();
      return all.stream()
          .map(check ->
              dynamicTest(
                  check.required("name").asText(),
                  () -> {
                    if (http) checkRequest(check);
                    else checkRun(check);
                  }));
    }

    private void checkRequest(JsonNode check) throws Exception {
      ByteArrayOutputStream stderr = new ByteArrayOutputStream();
      RecordedResponse response = new RecordedResponse();
      Outcome outcome;
      HttpSettings settings = new HttpSettings(OutputStream.nullOutputStream(), stderr);
      try (HttpGuest guest = module().http(grants(checks.required("grants")), limits(), settings)) {
        outcome = guest.answer(request(check), response);
      }
      assertThat(outcome).as("stderr: %s", stderr).isEqualTo(new Outcome.Exited(0));
      response.compare(check.required("expect"));
    }

    private HttpRequest request(JsonNode check) throws IOException {
      byte[] body = body(check);
      List<HttpHeader> headers = new ArrayList<>();
      headers.add(new HttpHeader("host", "example.com"));
      if (body.length > 0) {
        headers.add(new HttpHeader("content-length", Integer.toString(body.length)));
      }
      check
          .path("headers")
          .properties()
          .forEach(h -> headers.add(new HttpHeader(lowerCase(h.getKey()), h.getValue().asText())));
      String[] target = check.required("path").asText().split("\\?", 2);
      return new HttpRequest(
          check.required("method").asText(),
          "http",
          "example.com",
          target[0],
          target.length == 2 ? target[1] : "",
          headers,
          new ByteArrayInputStream(body),
          "192.0.2.1");
    }

    private byte[] body(JsonNode check) throws IOException {
      if (check.has("bodyFile")) {
        return Files.readAllBytes(folder.resolve(check.get("bodyFile").asText()));
      }
      JsonNode body = check.path("body");
      String text =
          body.isObject()
              ? body.required("repeat").asText().repeat(body.required("times").asInt())
              : body.asText("");
      return text.getBytes(UTF_8);
    }

    private void checkRun(JsonNode check) throws Exception {
      JsonNode expect = check.required("expect");
      Grants grants = grants(check.has("grants") ? check.get("grants") : checks.get("grants"));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Stdio stdio = new Stdio(InputStream.nullInputStream(), out, err);
      try (Execution run = module().start(grants, limits(), stdio)) {
        if (expect.has("exitCode")) {
          assertThat(run.outcome())
              .as("stdout: %s; stderr: %s", out, err)
              .isEqualTo(new Outcome.Exited(expect.get("exitCode").asInt()));
        } else {
          await().atMost(PATIENCE).untilAsserted(() -> comparePrinted(expect, out, err));
          run.cancel();
          assertThat(run.outcome()).isEqualTo(new Outcome.Cancelled());
        }
      }
      comparePrinted(expect, out, err);
    }

    private static void comparePrinted(
        JsonNode expect, ByteArrayOutputStream out, ByteArrayOutputStream err) {
      comparePrinted("stdout", expect, out);
      comparePrinted("stderr", expect, err);
    }

    private static void comparePrinted(
        String stream, JsonNode expect, ByteArrayOutputStream bytes) {
      List<String> texts = texts(expect.path(stream));
      if (!texts.isEmpty()) {
        assertThat(bytes.toString(UTF_8)).as(stream).containsSubsequence(texts);
      }
    }

    private Module module() throws IOException {
      Module loaded = module;
      if (loaded == null) {
        Engine open = OPEN.get(engine);
        if (open == null) throw new TestAbortedException(CLOSED.get(engine));
        loaded = open.load(Files.readAllBytes(folder.resolve("app.wasm")));
        module = loaded;
      }
      return loaded;
    }

    private Limits limits() {
      long memoryBytes = checks.path("memoryBytes").asLong(Limits.DEFAULT_MEMORY_BYTES);
      return Limits.defaults().withMemoryBytes(memoryBytes).withDeadline(PATIENCE);
    }

    private Grants grants(JsonNode given) throws IOException {
      List<String> args = new ArrayList<>(List.of(name()));
      args.addAll(texts(given.path("args")));
      Map<String, String> env = new LinkedHashMap<>();
      given.path("env").properties().forEach(v -> env.put(v.getKey(), v.getValue().asText()));

      Map<String, Grants.Directory> directories = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> file : given.path("files").properties()) {
        int slash = file.getKey().lastIndexOf('/');
        String guest = file.getKey().substring(0, slash);
        Grants.Directory directory = directories.get(guest);
        if (directory == null) {
          directory = new Grants.Directory(newFolder(), guest, true);
          directories.put(guest, directory);
        }
        Files.writeString(
            directory.host().resolve(file.getKey().substring(slash + 1)), file.getValue().asText());
      }
      for (String guest : texts(given.path("writable"))) {
        Path host = writable.get(guest);
        if (host == null) {
          host = newFolder();
          writable.put(guest, host);
        }
        directories.put(guest, new Grants.Directory(host, guest, false));
      }
      return new Grants(
          args, env, List.copyOf(directories.values()), texts(given.path("allowedHosts")));
    }

    private Path newFolder() throws IOException {
      return Files.createTempDirectory(scratch, name());
    }
  }

  /** What a guest has answered. */
  private static final class RecordedResponse implements HttpResponse {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;

    @Override
    public OutputStream begin(int status, List<HttpHeader> headers) {
      this.status = status;
      headers.forEach(header -> this.headers.put(lowerCase(header.name()), header.value()));
      return body;
    }

    void compare(JsonNode expect) {
      String text = body.toString(UTF_8);
      assertThat(status).as("status of: %s", text).isEqualTo(expect.required("status").asInt());
      for (Map.Entry<String, JsonNode> header : expect.path("headers").properties()) {
        assertThat(headers.get(lowerCase(header.getKey())))
            .as(header.getKey())
            .startsWith(header.getValue().asText());
      }
      texts(expect.path("body")).forEach(part -> assertThat(text).contains(part));
      if (expect.has("bodyIs")) assertThat(text).isEqualTo(expect.get("bodyIs").asText());
      String hex = HexFormat.of().formatHex(body.toByteArray());
      assertThat(hex).startsWith(expect.path("bodyStartsWithHex").asText(""));
      assertThat(hex).contains(expect.path("bodyContainsHex").asText(""));
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static List<String> texts(JsonNode array) {
    return list(array).stream().map(JsonNode::asText).toList();
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
