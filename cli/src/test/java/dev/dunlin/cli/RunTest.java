package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  private static final String EXAMPLES = "../examples/";
  private static final Pattern ANSWERS =
      Pattern.compile("answers on (http://127\\.0\\.0\\.1:\\d+/)");

  @TempDir Path folder;

  /** An app that answers until it is ended. */
  private static final class Served implements AutoCloseable {
    private final Said.Screen screen = new Said.Screen("");
    private final CompletableFuture<Said> ended;
    private final URI uri;

    Served(String... args) {
      ended = CompletableFuture.supplyAsync(() -> Said.by(screen, args), Said.ASIDE);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> ended.isDone() || ANSWERS.matcher(screen.err()).find());
      Matcher answers = ANSWERS.matcher(screen.err());
      assertThat(answers.find()).as(screen.err()).isTrue();
      uri = URI.create(answers.group(1));
    }

    String get(String path) throws Exception {
      try (var client = HttpClient.newHttpClient()) {
        var response =
            client.send(HttpRequest.newBuilder(uri.resolve(path)).build(), BodyHandlers.ofString());
        return response.statusCode() + " " + response.body().strip();
      }
    }

    Said end() {
      screen.terminal().ended().countDown();
      return ended.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
      end();
    }
  }

  @Test
  void aFolderIsServedWithWhatItsWasmAppIsGranted() throws Exception {
    // A variable from a ConfigMap, and a Secret as a file, both in wasmapp.yaml.
    try (var app = new Served("run", "-p", "0", EXAMPLES + "hello-rust")) {
      assertThat(app.get("/?name=Ada"))
          .isEqualTo("200 Welcome, Ada, from Rust\nSigned: the keeper of the lighthouse");
      assertThat(app.end().exitCode()).isZero();
    }
  }

  @Test
  void flagsGoOverTheFile() throws Exception {
    try (var app = new Served("run", "-p", "0", "-e", "GREETING=Moin", EXAMPLES + "hello-c")) {
      assertThat(app.get("/?name=Ada")).isEqualTo("200 Moin, Ada, from C");
    }
  }

  @Test
  void aCommandRunsOnceAndItsExitCodeIsTheOneHere() {
    Said well = Said.by("run", EXAMPLES + "wordcount");
    Said missing = Said.by("run", EXAMPLES + "wordcount/app.wasm", "--", "/nowhere");

    assertThat(well.exitCode()).as(well.err()).isZero();
    assertThat(well.out()).contains("18 words, 13 different");
    assertThat(missing.exitCode()).isNotZero().isLessThan(124);
    assertThat(missing.err()).contains("/nowhere");
  }

  @Test
  void aFolderOfThisMachineIsSeenWhereItIsNamed() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "one two two", StandardCharsets.UTF_8);

    Said said =
        Said.by(
            "run",
            "--dir",
            folder + ":/in:ro",
            EXAMPLES + "wordcount/app.wasm",
            "--",
            "/in/text.txt");

    assertThat(said.out()).contains("3 words, 2 different");
  }

  @Test
  void aHostIsReachedOnlyWhereItIsNamed() throws Exception {
    OnNative.required(folder);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "Well said.".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String host = "127.0.0.1:" + server.getAddress().getPort();
    String env = "QUOTES_URL=http://" + host + "/today";
    String module = EXAMPLES + "fetch-rust/app.wasm";

    try (var without = new Served("run", "-p", "0", "-e", env, module);
        var with = new Served("run", "-p", "0", "-e", env, "--allow-host", host, module)) {
      assertThat(without.get("/")).doesNotContain("Well said.");
      assertThat(with.get("/")).startsWith("200").contains("Well said.");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatAnAppRefersToHasToBeGiven() throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("app.yaml"),
            """
            apiVersion: dunlin.dev/v1alpha1
            kind: WasmApp
            metadata: {name: hello}
            spec:
              image: registry.example.com/hello:1.0
              job: {}
              envFrom:
              - configMapRef: {name: settings}
            """);
    String module = "--module=" + EXAMPLES + "wordcount/app.wasm";

    Said without = Said.by("run", module, yaml.toString());

    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.err())
        .contains("hello: ConfigMapNotFound: there is no ConfigMap \"settings\"")
        .contains("Give its file with -f.");
  }

  @Test
  void aFieldThatNobodyKnowsIsAMistake() throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("app.yaml"),
            """
            apiVersion: dunlin.dev/v1alpha1
            kind: WasmApp
            metadata: {name: hello}
            spec: {image: hello, replica: 2}
            """);

    Said said = Said.by("run", yaml.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("document 1 (WasmApp): ").contains("\"replica\"");
  }

  @Test
  void aCommandDoesNotAnswerForAComponent() {
    OnNative.required(folder);

    Said said = Said.by("run", "--as", "worker", EXAMPLES + "http-rust/app.wasm");

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("the spec says worker: expected a command");
  }

  @Test
  void wrongFlagsAreUsage() {
    assertThat(Said.by("run", "--dir", "here", ".").exitCode()).isEqualTo(2);
    assertThat(Said.by("run", "-e", "NOVALUE", EXAMPLES + "hello-c").exitCode()).isEqualTo(2);
    assertThat(Said.by("run", "--memory", "much", EXAMPLES + "hello-c").exitCode()).isEqualTo(2);
    assertThat(Said.by("walk").exitCode()).isEqualTo(2);
  }
}
