package dev.dunlin.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.https.HttpsServer;
import dev.dunlin.https.Identity;
import dev.dunlin.https.Request;
import dev.dunlin.https.Response;
import dev.dunlin.https.Tls;
import dev.dunlin.operator.aggregate.ApiGroup;
import dev.dunlin.operator.aggregate.ApiRequest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class MetricsApisTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:30.7Z");
  private final Identity identity =
      Identity.selfSigned("test", List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
  private static final String CUSTOM =
      "custom.metrics.k8s.io/v1beta2/namespaces/ns/wasmapps.dunlin.dev/";
  private static final String EXTERNAL = "external.metrics.k8s.io/v1beta1/namespaces/ns/";
  private static final Figures FIGURES =
      new Figures(
          Duration.ofMillis(30_400),
          Duration.ofSeconds(3),
          4,
          0,
          123.4567,
          7,
          0.25,
          134_217_728,
          OptionalDouble.of(0.02),
          OptionalDouble.of(0.0875),
          3_700);
  private static final Figures QUIET =
      new Figures(
          Duration.ofSeconds(30),
          Duration.ZERO,
          3,
          2,
          0,
          0,
          0,
          0,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0);

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private HttpsServer server;

  @SuppressWarnings("NullAway.Init")
  private List<ApiGroup> groups;

  private final Known known = new Known();
  private final HttpClient http =
      HttpClient.newBuilder().sslContext(Tls.pinned(identity.fingerprint())).build();

  @BeforeEach
  void listen() throws IOException {
    var apps = new FoundApps(client, known, Clock.fixed(NOW, ZoneOffset.UTC));
    groups = List.of(new CustomMetricsApi(apps), new ExternalMetricsApi(apps));
    server =
        new HttpsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            8,
            () -> identity,
            this::answer);
    app("shop", Map.of("tier", "web"));
    app("quiet", Map.of("tier", "web"));
    app("fresh", Map.of("tier", "new"));
    known.figures.put("shop", FIGURES);
    known.figures.put("quiet", QUIET);
  }

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
  }

  @Test
  void aMetricOfAnAppIsGivenAsAHorizontalPodAutoscalerReadsIt() throws Exception {
    JsonNode list = json(get(CUSTOM + "shop/requests_per_second"));

    assertThat(list)
        .isEqualTo(
            json(
                """
                {"kind": "MetricValueList", "apiVersion": "custom.metrics.k8s.io/v1beta2", "metadata": {},
                 "items": [{
                   "describedObject": {"kind": "WasmApp", "namespace": "ns", "name": "shop",
                                       "apiVersion": "dunlin.dev/v1alpha1"},
                   "metric": {"name": "requests_per_second"},
                   "timestamp": "2026-11-23T12:00:27Z",
                   "windowSeconds": 30,
                   "value": "123457m"}]}
                """));
  }

  @Test
  void eachMetricHasItsNumberAndItsWindow() throws Exception {
    assertThat(value("shop", "concurrent_requests")).isEqualTo("7");
    assertThat(value("shop", "cpu_cores")).isEqualTo("250m in 30 s");
    assertThat(value("shop", "memory_bytes")).isEqualTo("134217728");
    assertThat(value("shop", "request_latency_p95_seconds")).isEqualTo("87500u in 30 s");
    assertThat(value("shop", "error_ratio")).isEqualTo("20m in 30 s");
  }

  @Test
  void anAppThatWasReadAndHadNoRequestHasNone() throws Exception {
    assertThat(value("quiet", "requests_per_second")).isEqualTo("0 in 30 s");
    assertThat(value("quiet", "error_ratio")).isEqualTo("0 in 30 s");
    assertThat(value("quiet", "request_latency_p95_seconds")).isEqualTo("0 in 30 s");
  }

  @Test
  void agentsThatAreNotReadAreWarnedOf() throws Exception {
    assertThat(get(CUSTOM + "quiet/cpu_cores").headers().firstValue("Warning"))
        .hasValue("299 - \"2 of 3 agents of app quiet do not answer and count for nothing\"");
    assertThat(get(CUSTOM + "shop/cpu_cores").headers().firstValue("Warning")).isEmpty();
  }

  @Test
  void anAppOfWhichNothingIsKnownHasNoNumber() throws Exception {
    var answer = get(CUSTOM + "fresh/requests_per_second");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(json(answer).path("message").asText())
        .isEqualTo("requests_per_second of app fresh is not known: it has no instance");
    assertThat(json(answer).path("kind").asText()).isEqualTo("Status");
  }

  @Test
  void whoeverAsksFirstWaitsForTheFirstReadings() throws Exception {
    known.awaited.add("fresh");
    var answer = asked(CUSTOM + "fresh/requests_per_second");
    var all = asked(CUSTOM + "*/requests_per_second?labelSelector=tier%3Dnew");
    known.awaitQuestions("fresh", 10);
    assertThat(answer).isNotDone();
    assertThat(all).isNotDone();

    known.figures.put("fresh", FIGURES);

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(all.get().statusCode()).isEqualTo(200);
  }

  @Test
  void soManyWaitThatOthersAreAnsweredMeanwhile() throws Exception {
    known.awaited.add("fresh");
    var waiting = List.of(asked(CUSTOM + "fresh/cpu_cores"), asked(CUSTOM + "fresh/error_ratio"));
    known.awaitQuestions("fresh", 10);

    assertThat(get(CUSTOM + "fresh/memory_bytes").statusCode()).isEqualTo(503);
    assertThat(get(CUSTOM + "shop/memory_bytes").statusCode()).isEqualTo(200);
    for (var one : waiting) assertThat(one).isNotDone();
    known.awaited.remove("fresh");
    for (var one : waiting) assertThat(one.get().statusCode()).isEqualTo(503);
  }

  @Test
  void aRateIsNotKnownFromOneReading() throws Exception {
    known.figures.put(
        "fresh",
        new Figures(
            Duration.ZERO,
            Duration.ZERO,
            1,
            0,
            0,
            5,
            0,
            1_000,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            0));

    assertThat(value("fresh", "concurrent_requests")).isEqualTo("5");
    assertThat(get(CUSTOM + "fresh/requests_per_second").statusCode()).isEqualTo(503);
  }

  @Test
  void whatThereIsNotIsNotFound() throws Exception {
    assertThat(refusal(CUSTOM + "none/requests_per_second"))
        .isEqualTo("404 NotFound: wasmapps.dunlin.dev \"none\" not found");
    assertThat(refusal(CUSTOM + "shop/happiness"))
        .isEqualTo(
            "404 NotFound: the server could not find the metric happiness for wasmapps.dunlin.dev");
    assertThat(refusal(CUSTOM.replace("wasmapps.dunlin.dev", "pods") + "shop/cpu_cores"))
        .startsWith("404 NotFound");
    assertThat(refusal(EXTERNAL + "happiness")).startsWith("404 NotFound");
    assertThat(refusal(CUSTOM + "shop/cpu_cores?metricLabelSelector=a%3Db"))
        .startsWith("400 BadRequest: metricLabelSelector");
  }

  @Test
  void allAppsThatASelectorMeansAreListed() throws Exception {
    assertThat(names(CUSTOM + "*/requests_per_second?labelSelector=tier%3Dweb"))
        .containsExactly("quiet", "shop");
    assertThat(names(CUSTOM + "*/requests_per_second"))
        .as("those that something is known of")
        .containsExactly("quiet", "shop");
    assertThat(names(CUSTOM + "*/requests_per_second?labelSelector=tier%3Dnone")).isEmpty();
    assertThat(refusal(CUSTOM + "*/requests_per_second?labelSelector=tier%3Dnew"))
        .startsWith("503 ServiceUnavailable");
  }

  @Test
  void theSameIsToBeHadAsExternalMetrics() throws Exception {
    JsonNode items =
        json(get(EXTERNAL + "requests_per_second?labelSelector=dunlin.dev%2Fapp%3Dshop"))
            .path("items");

    assertThat(items).hasSize(1);
    assertThat(items.get(0))
        .isEqualTo(
            json(
                """
                {"metricName": "requests_per_second", "metricLabels": {"dunlin.dev/app": "shop"},
                 "timestamp": "2026-11-23T12:00:27Z", "window": 30, "value": "123457m"}
                """));
    assertThat(json(get(EXTERNAL + "memory_bytes?labelSelector=tier+in+(web%2Capi)")).path("items"))
        .hasSize(2);
  }

  private String value(String app, String metric) throws Exception {
    JsonNode item = json(get(CUSTOM + app + "/" + metric)).path("items").path(0);
    return item.path("value").asText()
        + (item.has("windowSeconds") ? " in " + item.path("windowSeconds") + " s" : "");
  }

  private List<String> names(String path) throws Exception {
    return json(get(path)).path("items").findValues("describedObject").stream()
        .map(it -> it.path("name").asText())
        .toList();
  }

  private String refusal(String path) throws Exception {
    JsonNode status = json(get(path));
    return status.path("code").asInt()
        + " "
        + status.path("reason").asText()
        + ": "
        + status.path("message").asText();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return asked(path).get();
  }

  private CompletableFuture<HttpResponse<String>> asked(String path) {
    var uri = URI.create("https://127.0.0.1:" + server.address().getPort() + "/apis/" + path);
    return http.sendAsync(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return json(answer.body());
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }

  /** As the aggregated API asks them. */
  private void answer(Request request, Response response) throws IOException {
    List<String> path = request.path();
    var asked =
        new ApiRequest(
            path.get(1),
            path.get(2),
            path.get(4),
            path.get(5),
            path.size() > 6 ? path.get(6) : "",
            path.size() > 7 ? path.get(7) : "",
            request.query());
    groups.stream()
        .filter(it -> it.name().equals(asked.group()))
        .findFirst()
        .orElseThrow()
        .answer(asked, response);
  }

  private void app(String name, Map<String, String> labels) {
    var app = new WasmApp();
    app.setMetadata(
        new ObjectMetaBuilder().withNamespace("ns").withName(name).withLabels(labels).build());
    client.resource(app).create();
  }

  private static final class Known implements AppMetrics {
    private final Map<String, Figures> figures = new ConcurrentHashMap<>();
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> questions = new ConcurrentHashMap<>();

    /** Until somebody has looked so many times whether an app is awaited. */
    void awaitQuestions(String app, int count) {
      await().until(() -> questions.getOrDefault(app, 0) >= count);
    }

    @Override
    public void want(String namespace, String app) {}

    @Override
    public Optional<Figures> figures(String namespace, String app) {
      return namespace.equals("ns") ? Optional.ofNullable(figures.get(app)) : Optional.empty();
    }

    @Override
    public boolean isAwaited(String namespace, String app) {
      questions.merge(app, 1, Integer::sum);
      return awaited.contains(app);
    }

    @Override
    public String whyUnknown(String namespace, String app) {
      return "it has no instance";
    }

    @Override
    public Answered since(String namespace, String app, String revision, Instant began) {
      return Answered.NOTHING;
    }
  }
}
