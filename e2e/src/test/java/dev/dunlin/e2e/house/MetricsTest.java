package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Metrics as kubectl and a HorizontalPodAutoscaler read them: a real API server and its
 * controllers, the operator and agents. (Its own control plane: a cluster has one metrics API.)
 */
@OnRealApiServer(own = true, controllers = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MetricsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PORT = Ports.free();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The quick ones; those of a user are 5 s and 30 s. */
  private static final String[] FLAGS = {
    "--external-metrics", "--metrics-interval-seconds=1", "--metrics-window-seconds=5"
  };

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static Program agent;

  @SuppressWarnings("NullAway.Init")
  private static Program operator;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl home;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    home = kubectl;
    house = House.over(controlPlane, kubectl.namespace());
    house
        .registry()
        .pushModule(
            "dunlin/hello-c:1.0",
            Files.readAllBytes(Repository.root().resolve("examples/hello-c/app.wasm")));
    operator = operator(PORT);
    agent = house.agent(kubectl.namespace() + "-a");
    house.agent(kubectl.namespace() + "-b");
    setUp();
    house.startAll();
    kubectl.run(
        "apply", "-f", Repository.root().resolve("examples/hello-c/wasmapp.yaml").toString());
    kubectl.run("wait", "--for=condition=Ready", "wasmapp/hello-c", "--timeout=90s");
    await().atMost(PATIENCE).until(() -> isAvailable("v1beta2.custom.metrics.k8s.io"));
    await().atMost(PATIENCE).until(() -> isAvailable("v1beta1.external.metrics.k8s.io"));
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  private static Program operator(int port) {
    return house.operator(
        Stream.concat(Stream.of("--aggregated-api-port=" + port), Stream.of(FLAGS))
            .toArray(String[]::new));
  }

  /** What the documents say, for this house; the Service leads to this machine. */
  private static void setUp() throws IOException {
    Kubectl system = home.inNamespace(house.systemNamespace());
    system.apply(
        yaml("docs/logs.md", "kind: Service\n")
            .replace(
                "selector: {app.kubernetes.io/name: dunlin-operator}",
                "type: ExternalName\n  externalName: localhost")
            .replace("port: 443, targetPort: 8443", "port: " + PORT));
    system.apply(yaml("docs/autoscaling.md", "kind: ServiceAccount\n"));
  }

  /** The example in a document that has that line. */
  private static String yaml(String page, String line) throws IOException {
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(Repository.root().resolve(page)))
        .results()
        .map(match -> match.group(1))
        .filter(text -> text.contains(line))
        .findFirst()
        .orElseThrow()
        .replace("dunlin-system", house.systemNamespace());
  }

  private static boolean isAvailable(String apiService) {
    return home.call(
            "",
            "get",
            "apiservice",
            apiService,
            "-o",
            "jsonpath={.status.conditions[?(@.type=='Available')].status}")
        .out()
        .equals("True");
  }

  @Test
  @Order(1)
  void kubectlShowsWhatAnAppDoesUnderLoad() throws IOException {
    String names = home.run("get", "--raw", "/apis/custom.metrics.k8s.io/v1beta2");
    for (String metric : metrics()) assertThat(names).contains("\"wasmapps.dunlin.dev/" + metric);

    var service = house.proxy("hello-c");
    await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
    try (Requests requests = Requests.keepSending(service)) {
      await().atMost(PATIENCE).until(() -> amount("requests_per_second") > 5);

      requests.awaitMore(200);
      for (String metric : metrics()) await().atMost(PATIENCE).until(() -> amount(metric) >= 0);
      JsonNode item = item(raw("hello-c/requests_per_second"));
      assertThat(item.path("windowSeconds").asInt()).isBetween(1, 10);
      assertThat(Instant.parse(item.path("timestamp").asText()))
          .isBetween(Instant.now().minus(PATIENCE), Instant.now());
      assertThat(item.path("describedObject").path("name").asText()).isEqualTo("hello-c");
      assertThat(amount("request_latency_p95_seconds")).isPositive();
      assertThat(amount("cpu_cores")).isPositive();
      assertThat(amount("error_ratio")).isZero();
      assertThat(requests.missed()).isEmpty();
    }
    await().atMost(PATIENCE).until(() -> amount("requests_per_second") == 0);
  }

  @Test
  @Order(2)
  void whatIsNotKnownIsNotZero() {
    home.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: resting}
        spec: {image: "registry.example.com/dunlin/hello-c:1.0", replicas: 0}
        """);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(refusal("resting/requests_per_second"))
                .contains("(ServiceUnavailable)")
                .contains("requests_per_second of app resting is not known: it has no instance"));
    assertThat(refusal("none/requests_per_second"))
        .contains("(NotFound)")
        .contains("wasmapps.dunlin.dev \"none\" not found");
    assertThat(refusal("hello-c/happiness"))
        .contains("(NotFound)")
        .contains("could not find the metric happiness");
    home.run("delete", "wasmapp/resting", "--timeout=60s");
  }

  @Test
  @Order(3)
  void whoMayNotReadMetricsDoesNot(ControlPlane controlPlane) throws Exception {
    home.apply(
        yaml("docs/autoscaling.md", "{name: read-requests}")
            + """
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: read-requests}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: read-requests}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ada}]
            """);
    await().atMost(PATIENCE).until(() -> amount("requests_per_second") >= 0);

    var ada = home.call("", "--as=ada", "get", "--raw", path("hello-c/requests_per_second"));
    var adaMore = home.call("", "--as=ada", "get", "--raw", path("hello-c/cpu_cores"));
    var eve = home.call("", "--as=eve", "get", "--raw", path("hello-c/requests_per_second"));

    assertThat(ada.out()).as(ada.err()).contains("\"MetricValueList\"");
    assertThat(adaMore.err()).contains("(Forbidden)");
    assertThat(eve.err()).contains("(Forbidden)");
    try (var anybody = Aggregated.withoutCertificate(PORT);
        var proxy = Aggregated.asFrontProxy(controlPlane, PORT)) {
      HttpResponse<String> spoofed =
          anybody.get(path("hello-c/requests_per_second"), "system:admin");
      assertThat(spoofed.statusCode()).as(spoofed.body()).isEqualTo(401);
      assertThat(spoofed.body()).contains("\"kind\":\"Status\"");
      assertThat(proxy.get(path("hello-c/requests_per_second"), "ada").statusCode()).isEqualTo(200);
      HttpResponse<String> forbidden = proxy.get(path("hello-c/requests_per_second"), "eve");
      assertThat(forbidden.statusCode()).as(forbidden.body()).isEqualTo(403);
      assertThat(forbidden.body())
          .contains("User \\\"eve\\\" cannot get resource")
          .contains("wasmapps.dunlin.dev/requests_per_second");
      assertThat(proxy.get(external(), "ada").statusCode()).isEqualTo(403);
    }
  }

  @Test
  @Order(4)
  void theSameIsToBeHadAsExternalMetricsAndByLabels() throws IOException {
    await().atMost(PATIENCE).until(() -> amount("requests_per_second") >= 0);

    JsonNode external = item(JSON.readTree(home.run("get", "--raw", external())));

    assertThat(external.path("metricLabels").path("dunlin.dev/app").asText()).isEqualTo("hello-c");
    assertThat(raw("*/memory_bytes?labelSelector=no%3Dsuch").path("items")).isEmpty();
    assertThat(item(raw("*/memory_bytes")).path("describedObject").path("name").asText())
        .isEqualTo("hello-c");
  }

  @Test
  @Order(5)
  void aHorizontalPodAutoscalerTakesAnAppFromOneToFiveAndBack() throws IOException {
    var service = house.proxy("hello-c");
    await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
    home.apply(
        yaml("docs/autoscaling.md", "kind: HorizontalPodAutoscaler\n")
                .replace("name: shop", "name: hello-c")
                .replace("averageValue: \"100\"", "averageValue: \"2\"")
            + "  behavior: {scaleDown: {stabilizationWindowSeconds: 0}}\n");

    try (Requests requests = Requests.keepSending(service)) {
      await().atMost(PATIENCE).until(() -> replicas().equals("5"));
      await().atMost(PATIENCE).until(() -> app("{.status.readyReplicas}").equals("5"));
      System.out.println(home.run("get", "hpa", "hello-c"));
      assertThat(home.run("get", "hpa", "hello-c"))
          .containsPattern("hello-c +WasmApp/hello-c +[0-9]+.*/2 \\(avg\\) +1 +5 +5 ");
      assertThat(home.run("get", "hpa", "hello-c", "-o", "jsonpath={.status.conditions[*].reason}"))
          .contains("ValidMetricFound");
      assertThat(requests.missed()).isEmpty();
    }

    await().atMost(PATIENCE).until(() -> replicas().equals("1"));
    await().atMost(PATIENCE).until(() -> app("{.status.replicas}").equals("1"));
    System.out.println(home.run("get", "hpa", "hello-c"));
    home.run("delete", "hpa/hello-c");
  }

  @Test
  @Order(6)
  void otherAdaptersExamplesNameWhatAgentsExport() throws IOException {
    String exported = agent.admin("/metrics").text();
    Set<String> series = matches("(?m)^(dunlin_app_\\w+)\\{", exported).collect(Collectors.toSet());

    for (String example : List.of("prometheus-adapter.yaml", "keda-scaledobject.yaml")) {
      Path file = Repository.root().resolve("examples/autoscaling").resolve(example);
      List<String> named = matches("(dunlin_app_\\w+)\\{", Files.readString(file)).toList();
      assertThat(named).as(example).isNotEmpty();
      assertThat(series).as(example).containsAll(named);
    }
    assertThat(exported)
        .containsPattern(
            "dunlin_app_requests_seconds_count\\{app=\"hello-c\",namespace=\"%s\",.*status=\"2xx\""
                .formatted(home.namespace()));
  }

  @Test
  @Order(7)
  void anOperatorThatDoesNotLeadAnswersToo() throws IOException {
    int port = Ports.free();
    Program second = operator(port);
    second.start();

    servedAt(port);

    await()
        .atMost(PATIENCE)
        .until(() -> {
          var _ = home.call("", "get", "--raw", path("hello-c/requests_per_second"));
          return second.admin("/metrics").text().contains("dunlin_app_metrics_apps 1.0");
        });
    await().atMost(PATIENCE).until(() -> amount("requests_per_second") >= 0);
    assertThat(second.admin("/metrics").text())
        .contains(
            "dunlin_aggregated_requests_total{group=\"custom.metrics.k8s.io\",status=\"200\"}");
    assertThat(operator.admin("/metrics").text()).as("that one leads").contains("dunlin_instances");
    assertThat(second.stop()).isTrue();
    servedAt(PORT);
  }

  /** Asks until the requests get there: the API server follows the Service's port. */
  private static void servedAt(int port) {
    home.inNamespace(house.systemNamespace())
        .run(
            "patch",
            "service",
            "dunlin-operator",
            "--type=json",
            "-p=[{\"op\":\"replace\",\"path\":\"/spec/ports/0/port\",\"value\":" + port + "}]");
    await()
        .atMost(PATIENCE)
        .until(() -> {
          var _ = home.call("", "get", "--raw", path("hello-c/requests_per_second"));
          return home.run(
                  "get",
                  "apiservice",
                  "v1beta2.custom.metrics.k8s.io",
                  "-o",
                  "jsonpath={.spec.service.port}")
              .equals(String.valueOf(port));
        });
  }

  @Test
  @Order(8)
  void anotherAdapterKeepsTheMetricsItHas() throws IOException {
    home.run("create", "service", "externalname", "adapter", "--external-name=localhost");
    home.run(
        "patch",
        "apiservice",
        "v1beta2.custom.metrics.k8s.io",
        "--type=merge",
        "-p={\"spec\":{\"service\":{\"namespace\":\"%s\",\"name\":\"adapter\"}}}"
            .formatted(home.namespace()));

    String said =
        "serves custom.metrics.k8s.io: APIService v1beta2.custom.metrics.k8s.io leads to Service "
            + home.namespace()
            + "/adapter";
    await().atMost(PATIENCE).until(() -> Files.readString(operator.log()).contains(said));
    assertThat(
            home.run(
                "get",
                "apiservice",
                "v1beta2.custom.metrics.k8s.io",
                "-o",
                "jsonpath={.spec.service.name}"))
        .isEqualTo("adapter");

    home.run("delete", "apiservice", "v1beta2.custom.metrics.k8s.io");
    await().atMost(PATIENCE).until(() -> isAvailable("v1beta2.custom.metrics.k8s.io"));
    await().atMost(PATIENCE).until(() -> amount("requests_per_second") >= 0);
  }

  private static List<String> metrics() {
    return List.of(
        "requests_per_second",
        "concurrent_requests",
        "cpu_cores",
        "memory_bytes",
        "request_latency_p95_seconds",
        "error_ratio");
  }

  private static Stream<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map((MatchResult it) -> it.group(1));
  }

  private static String replicas() {
    return home.run("get", "hpa", "hello-c", "-o", "jsonpath={.status.currentReplicas}");
  }

  private static String app(String jsonPath) {
    return home.run("get", "wasmapp", "hello-c", "-o", "jsonpath=" + jsonPath);
  }

  /** Below zero where nothing is known. */
  private static double amount(String metric) throws IOException {
    var answer = home.call("", "get", "--raw", path("hello-c/" + metric));
    if (!answer.ok()) return -1;
    String text = item(JSON.readTree(answer.out())).path("value").asText();
    return Quantity.parse(text).getNumericalAmount().doubleValue();
  }

  private static JsonNode raw(String what) throws IOException {
    return JSON.readTree(home.run("get", "--raw", path(what)));
  }

  private static JsonNode item(JsonNode list) {
    assertThat(list.path("items")).as(list.toString()).hasSize(1);
    return list.path("items").path(0);
  }

  private static String refusal(String what) {
    return home.call("", "get", "--raw", path(what)).err();
  }

  private static String path(String what) {
    return "/apis/custom.metrics.k8s.io/v1beta2/namespaces/"
        + home.namespace()
        + "/wasmapps.dunlin.dev/"
        + what;
  }

  private static String external() {
    return "/apis/external.metrics.k8s.io/v1beta1/namespaces/"
        + home.namespace()
        + "/requests_per_second?labelSelector=dunlin.dev%2Fapp%3Dhello-c";
  }
}
