package dev.dunlin.e2e.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.Agent;
import dev.dunlin.agent.AgentConfig;
import dev.dunlin.agent.admin.AgentMetrics;
import dev.dunlin.agent.admin.AppTraffic;
import dev.dunlin.agent.http.AppKey;
import dev.dunlin.agent.http.LostConnection;
import dev.dunlin.agent.traffic.Presence;
import dev.dunlin.agent.traffic.Traffic;
import dev.dunlin.agent.traffic.TrafficReading;
import dev.dunlin.agent.traffic.TrapKind;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.AnyServer;
import dev.dunlin.e2e.mock.MockApiServer;
import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Outbound;
import dev.dunlin.operator.DunlinOperator;
import dev.dunlin.operator.OperatorConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md says of every metric that there is, and of no other. */
class MetricsPageTest {
  @TempDir private Path disk;

  @SuppressWarnings("NullAway.Init")
  private MockApiServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @BeforeEach
  void begin() throws IOException {
    server = MockApiServer.start();
    client = server.client();
    Repository.installCrds(client);
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  @Test
  void thePageHasEveryMetricOfAnAgentAndNoOther() throws Exception {
    var config = AgentConfig.builder("n1", "127.0.0.1", disk).engine(Engines.Choice.JVM).build();
    Agent agent = Agent.start(config, client);
    try (var driven = new AgentMetrics()) {
      String text = get(agent.adminPort()) + driven(driven);

      assertThat(Family.exported(text))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of("Of apps", "Of agents").flatMap(MetricsPageTest::onThePage).toList());
    } finally {
      agent.kill();
    }
  }

  @Test
  void thePageHasEveryMetricOfTheOperatorAndNoOther() throws Exception {
    int aggregated = Ports.free();
    try (var operator = DunlinOperator.start(config(aggregated), client)) {
      int port = operator.adminAddress().getPort();
      await().until(() -> get(port).contains("dunlin_nodes_ready"));
      askAggregated(aggregated);
      await().until(() -> get(port).contains("dunlin_aggregated_requests_total{"));

      assertThat(Family.exported(get(port)))
          .containsExactlyInAnyOrderElementsOf(onThePage("Of the operator").toList());
    }
  }

  private static OperatorConfig config(int aggregatedPort) {
    var usual = OperatorConfig.DEFAULT;
    return new OperatorConfig(
        usual.namespace(),
        usual.watchNamespaces(),
        0,
        usual.appPorts(),
        false,
        usual.identity(),
        usual.leasePoll(),
        usual.nodeGrace(),
        usual.outageGrace(),
        usual.removeNodeAfter(),
        usual.jobRetryDelay(),
        new OperatorConfig.Aggregation(aggregatedPort, "dunlin-operator"),
        usual.metrics(),
        usual.agents(),
        usual.registry());
  }

  /** As nobody: it is refused, and counted. */
  private static void askAggregated(int port) throws Exception {
    try (var socket = AnyServer.context().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket
          .getOutputStream()
          .write("GET /apis HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 ");
    }
  }

  /** What an agent exports once it has happened to some app. */
  private static String driven(AgentMetrics metrics) {
    var app = new AppKey("shop", "cart");
    var traffic = new Traffic();
    var revision = traffic.join("shop", "cart", "r1");
    revision.come();
    revision.waited(1);
    revision.answered(200, 1);
    revision.trapped(TrapKind.UNREACHABLE);
    revision.sent(
        new Outbound(Map.of(new Outbound.Call("example.com", Outbound.Result.SUCCESSFUL), 1L)));
    metrics.watchApps(
        new AppTraffic() {
          @Override
          public List<Double> latencyBounds() {
            return traffic.latencyBounds();
          }

          @Override
          public List<TrafficReading> read(Predicate<AppKey> apps) {
            return traffic.read(List.of(new Presence("shop", "cart", "r1", 1)));
          }
        });
    metrics.answered(app, 503, 1);
    metrics.refused(app, "QueueFull");
    metrics.clientLeft(app);
    metrics.connectionLost(app, LostConnection.SILENT);
    metrics.loaded("ok");
    metrics.throttled("shop", "cart", Duration.ofSeconds(1));
    metrics.dropped("shop", "cart", 1);
    metrics.logsAsked(200);
    return metrics.text();
  }

  private static Stream<Family> onThePage(String section) {
    try {
      return Family.onThePage(section).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String get(int port) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
