package dev.dunlin.engine.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One test of wasi-testsuite on an engine, through the interface that the agent uses. */
final class WasiCaseRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> LOOPBACK =
      List.of("127.0.0.1", "[::1]", "localhost", "0.0.0.0", "[::]");

  private final WasiCase test;
  private final Path scratch;
  private final Module module;
  private final Strand in = new Strand();
  private final Strand out = new Strand();
  private final Strand err = new Strand();
  private final List<Closeable> servers = new ArrayList<>();
  private final Map<String, Socket> sockets = new HashMap<>();
  private @Nullable Execution execution;
  private @Nullable HttpGuest guest;

  private WasiCaseRun(Engine engine, WasiCase test, Path scratch) throws IOException {
    this.test = test;
    this.scratch = scratch;
    this.module = engine.load(Files.readAllBytes(test.wasm()));
  }

  /**
   * Runs a test in a fresh copy of the folder that it asks for.
   *
   * @param scratch an empty folder
   */
  static Verdict perform(Engine engine, WasiCase test, Path scratch) throws InterruptedException {
    try (var run = new WasiCaseRun(engine, test, scratch)) {
      for (var operation : test.operations()) {
        run.perform(operation);
      }
      return Verdict.passed(test.name());
    } catch (FailedException e) {
      return Verdict.failed(test.name(), String.valueOf(e.getMessage()).strip());
    } catch (IOException | RuntimeException e) {
      return Verdict.failed(test.name(), e.toString());
    }
  }

  private void perform(JsonNode operation) throws IOException, InterruptedException {
    switch (operation.path("type").asText()) {
      case "run" -> start(operation);
      case "write" -> in.write(operation.path("payload").asText());
      case "read" -> read(operation);
      case "connect" -> connect(operation);
      case "send" ->
          socket(operation)
              .getOutputStream()
              .write(operation.path("payload").asText().getBytes(StandardCharsets.UTF_8));
      case "recv" -> receive(operation);
      case "request" -> request(operation);
      case "kill" -> kill();
      case "wait" -> await(operation);
      default -> throw new FailedException("an operation that this runner does not know");
    }
  }

  private void start(JsonNode run) throws IOException {
    var args = new ArrayList<>(List.of(test.wasm().getFileName().toString()));
    run.path("args").forEach(arg -> args.add(arg.asText()));
    var env = new LinkedHashMap<String, String>();
    run.path("env").properties().forEach(e -> env.put(e.getKey(), e.getValue().asText()));
    for (var server : test.servers()) {
      env.put("HTTP_SERVER_" + server.path("name").asText().toUpperCase(Locale.ROOT), open(server));
    }
    var directories = new ArrayList<Grants.Directory>();
    if (run.hasNonNull("root")) {
      var root = test.wasm().resolveSibling(run.path("root").asText());
      directories.add(new Grants.Directory(copy(root), "/", false));
    }
    var grants = new Grants(args, env, directories, LOOPBACK);
    var limits = Limits.defaults().withDeadline(PATIENCE.multipliedBy(2));
    if (test.service()) {
      guest = module.http(grants, limits, new HttpSettings(out.out(), err.out()));
    } else {
      execution = module.start(grants, limits, new Stdio(in.in(), out.out(), err.out()));
      var _ =
          execution
              .ended()
              .whenComplete((outcome, never) -> {
                out.end();
                err.end();
              });
    }
  }

  private String open(JsonNode server) throws IOException {
    if (server.path("kind").asText().equals("closed")) {
      try (var reserved = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
        return "127.0.0.1:" + reserved.getLocalPort();
      }
    }
    var opened = new EndpointServer(server.path("endpoints"));
    servers.add(opened);
    return opened.address();
  }

  private Path copy(Path root) throws IOException {
    var target = Files.createDirectories(scratch.resolve("root"));
    try (var entries = Files.walk(root)) {
      for (var entry : entries.skip(1).toList()) {
        var name = entry.getFileName().toString();
        if (!name.endsWith(".cleanup")) {
          Files.copy(entry, target.resolve(root.relativize(entry).toString()));
        }
      }
    }
    return target;
  }

  private void read(JsonNode operation) throws InterruptedException {
    var expected = operation.path("payload").asText();
    var id = operation.path("id").asText("stdout");
    var found =
        (id.equals("stderr") ? err : out)
            .read(expected.getBytes(StandardCharsets.UTF_8).length, PATIENCE);
    require(id, expected, found);
  }

  private void connect(JsonNode operation) throws IOException, InterruptedException {
    var address = out.readLine(PATIENCE);
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw new FailedException("expected HOST:PORT on standard output, found " + address + told());
    }
    var socket =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    sockets.put(operation.path("id").asText("server"), socket);
  }

  private Socket socket(JsonNode operation) {
    var socket = sockets.get(operation.path("id").asText());
    if (socket == null) {
      throw new FailedException("not connected");
    }
    return socket;
  }

  private void receive(JsonNode operation) throws IOException {
    var expected = operation.path("payload").asText();
    var found =
        new String(
            socket(operation)
                .getInputStream()
                .readNBytes(expected.getBytes(StandardCharsets.UTF_8).length),
            StandardCharsets.UTF_8);
    require("what is received", expected, found);
  }

  private void request(JsonNode operation) throws InterruptedException {
    var target = operation.path("path").asText("/");
    int mark = target.indexOf('?');
    var headers = new ArrayList<HttpHeader>();
    headers.add(new HttpHeader("host", "127.0.0.1:8080"));
    operation
        .path("headers")
        .properties()
        .forEach(e -> headers.add(new HttpHeader(e.getKey(), e.getValue().asText())));
    var body = operation.path("body").asText("").getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      headers.add(new HttpHeader("content-length", Integer.toString(body.length)));
    }
    var request =
        new HttpRequest(
            operation.path("method").asText("GET"),
            "http",
            "127.0.0.1:8080",
            mark < 0 ? target : target.substring(0, mark),
            mark < 0 ? "" : target.substring(mark + 1),
            headers,
            new ByteArrayInputStream(body),
            "127.0.0.1");
    var answer = new Answer();
    if (guest == null) {
      throw new FailedException("not running");
    }
    var outcome = guest.answer(request, answer::begin);
    if (!outcome.equals(new Outcome.Exited(0))) {
      throw new FailedException("expected an answer, found " + outcome + told());
    }
    answer.check(operation.path("response"), told());
  }

  private void kill() {
    if (guest != null) {
      guest.close();
    }
    if (execution != null) {
      execution.cancel();
    }
  }

  private void await(JsonNode operation) throws InterruptedException {
    in.end();
    if (execution == null) {
      return; // a service, ended by kill
    }
    try {
      var outcome =
          execution.ended().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      int expected = operation.path("exit_code").asInt(0);
      if (!outcome.equals(new Outcome.Exited(expected))) {
        throw new FailedException("expected exit code " + expected + ", found " + outcome + told());
      }
    } catch (TimeoutException e) {
      throw new FailedException("still runs after " + PATIENCE + told());
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("an execution never fails", e);
    }
  }

  private void require(String what, String expected, String found) {
    if (!expected.equals(found)) {
      throw new FailedException(what + ": expected " + expected + ", found " + found + told());
    }
  }

  private String told() {
    return ("\n" + out.rest() + err.rest()).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    if (guest != null) {
      guest.close();
    }
    if (execution != null) {
      execution.close();
    }
    module.close();
    for (var socket : sockets.values()) {
      socket.close();
    }
    for (var server : servers) {
      server.close();
    }
  }

  /** A response as it came. */
  private static final class Answer {
    private int status;
    private List<HttpHeader> headers = List.of();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    java.io.OutputStream begin(int begunStatus, List<HttpHeader> begunHeaders) {
      status = begunStatus;
      headers = List.copyOf(begunHeaders);
      return body;
    }

    void check(JsonNode expected, String told) {
      int wanted = expected.path("status").asInt(200);
      if (status != wanted) {
        throw new FailedException("expected status " + wanted + ", found " + status + told);
      }
      for (var header : expected.path("headers").properties()) {
        var values =
            headers.stream()
                .filter(found -> found.name().equalsIgnoreCase(header.getKey()))
                .map(HttpHeader::value)
                .toList();
        if (!values.equals(List.of(header.getValue().asText()))) {
          throw new FailedException("expected " + header + ", found " + values + told);
        }
      }
      var text = body.toString(StandardCharsets.UTF_8);
      if (!text.equals(expected.path("body").asText(""))) {
        throw new FailedException(
            "expected body " + expected.path("body").asText("") + ", found " + text + told);
      }
    }
  }

  /** An operation did not do what the test expects. */
  private static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }
}
