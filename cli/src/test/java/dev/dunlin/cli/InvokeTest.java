package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways from a user to an app, with an API server of answers and an agent of one line. */
class InvokeTest {
  private static final String NOT_FOUND =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"services \\\"shop\\\" not found\",\"code\":404}";

  @TempDir Path folder;

  private final HttpServer apiServer;
  private final HttpServer agent;
  private String pods = "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}";

  InvokeTest() throws IOException {
    apiServer = server();
    agent = server();
  }

  private static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
  }

  @BeforeEach
  void start() {
    apiServer.createContext("/", this::api);
    agent.createContext("/", exchange -> app(exchange, "agent"));
    apiServer.start();
    agent.start();
  }

  @AfterEach
  void stop() {
    apiServer.stop(0);
    agent.stop(0);
  }

  private int port() {
    return agent.getAddress().getPort();
  }

  private void api(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.endsWith("/wasmapps/shop")) {
      answer(
          exchange,
          200,
          "{\"apiVersion\":\"dunlin.dev/v1alpha1\",\"kind\":\"WasmApp\",\"metadata\":{\"name\":\"shop\",\"namespace\":\"default\"},\"spec\":{\"image\":\"shop\"},\"status\":{\"port\":%d}}"
              .formatted(port()));
    } else if (path.endsWith("/endpointslices")) {
      answer(
          exchange,
          200,
          "{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",\"items\":[{\"metadata\":{\"name\":\"shop\"},\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"127.0.0.1\"],\"conditions\":{\"ready\":true}}]}]}");
    } else if (path.endsWith("/api/v1/pods")) {
      answer(exchange, 200, pods);
    } else if (path.contains("/pods/dunlin-agent-1:" + port() + "/proxy/")) {
      app(exchange, "pod");
    } else {
      answer(exchange, 404, NOT_FOUND);
    }
  }

  /** Says what it was asked. */
  private static void app(HttpExchange exchange, String who) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var uri = exchange.getRequestURI();
    answer(
        exchange,
        body.equals("fail") ? 500 : 200,
        "%s: %s %s?%s %s %s"
            .formatted(
                who,
                exchange.getRequestMethod(),
                uri.getPath().replaceFirst(".*/proxy", ""),
                uri.getQuery(),
                exchange.getRequestHeaders().getFirst("X-Word"),
                body));
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Said invoke(String... more) throws IOException {
    Path kubeconfig =
        Files.writeString(
            folder.resolve("config"),
            Files.readString(Path.of("src/test/resources/nowhere.kubeconfig"))
                .replace(
                    "https://127.0.0.1:1", "http://127.0.0.1:" + apiServer.getAddress().getPort()));
    var words =
        new java.util.ArrayList<>(java.util.List.of("invoke", "--kubeconfig=" + kubeconfig));
    words.addAll(java.util.List.of(more));
    return Said.by(words.toArray(String[]::new));
  }

  @Test
  void theAgentItselfIsAskedWhereTheApiServerKnowsNoWay() throws IOException {
    Said said = invoke("shop", "/cart?id=1", "-H", "X-Word: two words");

    assertThat(said.out()).as(said.err()).isEqualTo("agent: GET /cart?id=1 two words ");
    assertThat(said.err()).isEqualTo("through the agent at 127.0.0.1:" + port() + "\n");
  }

  @Test
  void theAgentsPodIsAskedThroughTheApiServer() throws IOException {
    pods =
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"dunlin-agent-1\",\"namespace\":\"dunlin-system\"}}]}";

    Said said = invoke("shop", "/cart?id=1", "-d", "a body");

    assertThat(said.out()).as(said.err()).isEqualTo("pod: POST /cart?id=1 null a body");
    assertThat(said.err())
        .isEqualTo("through the API server's proxy to the agent's Pod dunlin-agent-1\n");
  }

  @Test
  void anErrorOfTheAppIsAnAnswerUnlessToldOtherwise() throws IOException {
    assertThat(invoke("shop", "-d", "fail", "-i").out()).startsWith("HTTP 500\n");
    assertThat(invoke("shop", "-d", "fail").exitCode()).isZero();
    assertThat(invoke("shop", "-d", "fail", "--fail").exitCode()).isEqualTo(1);
  }

  @Test
  void aWayThatLeadsNowhereIsToldWithItsReason() throws IOException {
    Said said = invoke("shop", "--via", "service");

    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err())
        .isEqualTo(
            "dunlin: shop: expected an answer, found: the API server's service proxy: 404 services \"shop\" not found\n");
  }
}
