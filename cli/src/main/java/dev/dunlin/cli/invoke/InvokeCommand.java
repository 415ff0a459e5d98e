package dev.dunlin.cli.invoke;

import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin invoke}. */
@Command(
    name = "invoke",
    description = {
      "Sends one request to an http app in the cluster, and prints the answer.",
      "It goes through the API server: its proxy to the app's Service, or to an agent's Pod; else straight to an agent. Which one it was is said on standard error."
    })
public final class InvokeCommand implements Callable<Integer> {
  /** Which ways may be gone. */
  enum Via {
    auto,
    service,
    pod,
    direct
  }

  /** What was answered. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Answer(int code, Map<String, List<String>> headers, byte[] body) {}

  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "APP", description = "A WasmApp.")
  private String app = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "With a query, where there is one (default: ${DEFAULT-VALUE}).")
  private String path = "/";

  @Option(
      names = {"-X", "--request"},
      paramLabel = "METHOD",
      description = "GET, or POST where there is a body.")
  private @Nullable String method;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "A header; repeatable.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "TEXT",
      description = "The body; @FILE: what that file holds.")
  private @Nullable String data;

  @Option(
      names = {"-i", "--include"},
      description = "Prints the answer's status and headers, too.")
  private boolean include;

  @Option(names = "--fail", description = "Ends with 1 when the answer is 400 or above.")
  private boolean fail;

  @Option(
      names = "--via",
      description = "Which way: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Via via = Via.auto;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long it waits for the answer (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds = 30;

  @Mixin private final ClusterFlags cluster = new ClusterFlags();

  public InvokeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (!path.startsWith("/")) {
      throw Failure.usage("invoke: expected a path that begins with /, found '" + path + "'");
    }
    byte[] body = body();
    Map<String, String> sent = sent();
    return cluster.with(in -> {
      List<Road> roads = Road.all(in, app).stream().filter(this::isWanted).toList();
      if (roads.isEmpty()) {
        throw new Failure("%s: expected a way by --via %s, found none".formatted(app, via));
      }
      var faults = new ArrayList<String>();
      for (Road road : roads) {
        Optional<Answer> answer = ask(in, road, body, sent, faults);
        if (answer.isPresent()) {
          terminal.say("through " + road.words());
          return print(answer.get());
        }
      }
      throw new Failure(
          Exit.UNREACHABLE,
          "%s: expected an answer, found: %s".formatted(app, String.join("; ", faults)));
    });
  }

  private boolean isWanted(Road road) {
    return switch (via) {
      case auto -> true;
      case service -> road instanceof Road.ServiceProxy;
      case pod -> road instanceof Road.PodProxy;
      case direct -> road instanceof Road.Direct;
    };
  }

  private int print(Answer answer) {
    if (include) {
      terminal.print("HTTP " + answer.code());
      answer
          .headers()
          .forEach((name, values) -> values.forEach(value -> terminal.print(name + ": " + value)));
      terminal.print("");
    }
    terminal.write(answer.body());
    return fail && answer.code() >= 400 ? Exit.FAILED : Exit.OK;
  }

  /** Empty where this way leads nowhere: the next one is tried. */
  private Optional<Answer> ask(
      Cluster in, Road road, byte[] body, Map<String, String> sent, List<String> faults)
      throws InterruptedException {
    try {
      return switch (road) {
        case Road.ServiceProxy(String proxy) -> proxied(in, road, proxy, body, sent, faults);
        case Road.PodProxy(String proxy, String ignored) ->
            proxied(in, road, proxy, body, sent, faults);
        case Road.Direct(String authority) -> Optional.of(direct(authority, body, sent));
      };
    } catch (IOException e) {
      faults.add(road.words() + ": " + e);
      return Optional.empty();
    }
  }

  private Optional<Answer> proxied(
      Cluster in,
      Road road,
      String proxy,
      byte[] body,
      Map<String, String> sent,
      List<String> faults)
      throws InterruptedException {
    var answer =
        in.send(
            proxy + path,
            byte[].class,
            request -> {
              sent.forEach(request::setHeader);
              request.timeout(timeoutSeconds, TimeUnit.SECONDS);
              String type = sent.getOrDefault("content-type", "application/octet-stream");
              return data == null
                  ? request.method(verb(), type, null)
                  : request.method(verb(), type, new ByteArrayInputStream(body), body.length);
            });
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (isApiServers(answer.code(), text)) {
      faults.add("%s: %d %s".formatted(road.words(), answer.code(), Cluster.message(text)));
      return Optional.empty();
    }
    return Optional.of(new Answer(answer.code(), answer.headers(), answer.body()));
  }

  /** A Status instead of the app's answer: the proxy itself has failed. */
  private static boolean isApiServers(int code, String body) {
    return code >= 400
        && body.contains("\"kind\":\"Status\"")
        && body.contains("\"apiVersion\":\"v1\"");
  }

  private Answer direct(String authority, byte[] body, Map<String, String> sent)
      throws IOException, InterruptedException {
    Duration patience = Duration.ofSeconds(timeoutSeconds);
    try (var http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + authority + path))
              .timeout(patience)
              .method(verb(), HttpRequest.BodyPublishers.ofByteArray(body));
      sent.forEach(request::header);
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), answer.headers().map(), answer.body());
    }
  }

  private String verb() {
    return method != null ? method.toUpperCase(Locale.ROOT) : data == null ? "GET" : "POST";
  }

  private byte[] body() {
    if (data == null) {
      return new byte[0];
    }
    if (!data.startsWith("@")) {
      return data.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Files.readAllBytes(Path.of(data.substring(1)));
    } catch (IOException e) {
      throw new Failure(Exit.USAGE, "--data: expected a file, found: " + e, e);
    }
  }

  private Map<String, String> sent() {
    var sent = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw Failure.usage("--header: expected NAME:VALUE, found '" + header + "'");
      }
      sent.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return sent;
  }
}
