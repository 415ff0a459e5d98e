package dev.dunlin.e2e.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.Repository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** From {@code helm install} to {@code helm uninstall}; each test goes on where the last ended. */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeClusterTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String RELEASE = "dunlin";
  private static final String SYSTEM = "dunlin-system";
  private static final String HOME = "dunlin-e2e";
  private static final String RESTRICTED = "pod-security.kubernetes.io/enforce=restricted";
  private static final String AGENTS = "daemonset/dunlin-agent";
  private static final Map<String, String> VALUES =
      Map.of(
          "registries.plainHttp[0]", Tools.REGISTRY,
          "agent.resources.requests.memory", "512Mi",
          "agent.resources.limits.memory", "1Gi");

  private static final Path KUBECONFIG = property("dunlin.kubeconfig");
  private static final Kubectl SYSTEM_KUBECTL =
      new Kubectl(property("dunlin.kubectl"), KUBECONFIG, SYSTEM);
  private static final Kubectl HOME_KUBECTL = SYSTEM_KUBECTL.inNamespace(HOME);

  private static Path property(String name) {
    return Path.of(
        Objects.requireNonNull(
            System.getProperty(name), "-D" + name + ", which e2e/cluster/run gives"));
  }

  @BeforeAll
  static void namespacesAndModules() {
    for (String namespace : List.of(SYSTEM, HOME)) {
      SYSTEM_KUBECTL.run("create", "namespace", namespace);
      SYSTEM_KUBECTL.run("label", "namespace", namespace, RESTRICTED);
    }
    HOME_KUBECTL.apply(Tools.registry());
    HOME_KUBECTL.run("wait", "pod/registry", "--for=condition=Ready", "--timeout=120s");
  }

  @AfterAll
  static void nothingIsLeft() {
    SYSTEM_KUBECTL.run("delete", "namespace", HOME, SYSTEM, "--timeout=120s");
    SYSTEM_KUBECTL.run("delete", "crd", "-l", "app.kubernetes.io/part-of=dunlin");
  }

  @Test
  @Order(1)
  void helmInstallsOperatorAndAgentsUnderPodSecurityRestricted() {
    var install =
        new Helm(chart())
            .install()
            .withName(RELEASE)
            .withNamespace(SYSTEM)
            .withKubeConfig(KUBECONFIG);
    VALUES.forEach(install::set);
    install.call();

    rolledOut("deployment/dunlin-operator");
    rolledOut(AGENTS);
    HOME_KUBECTL.run("wait", "wasmnodes", "--all", "--for=condition=Ready", "--timeout=60s");
    String nodes = "jsonpath={.status.numberReady}";
    assertThat(SYSTEM_KUBECTL.run("get", AGENTS, "-o", nodes))
        .isEqualTo(String.valueOf(names("nodes").size()));
  }

  @Test
  @Order(2)
  void anAppIsReachedByItsServicesNameFromAnotherPod() {
    HOME_KUBECTL.apply(app("hello-c", "replicas: 1, env: [{name: GREETING, value: Good day}]"));

    HOME_KUBECTL.run("wait", "wasmapp/hello-c", "--for=condition=Ready", "--timeout=60s");

    assertThat(answer("http://hello-c." + HOME + "/")).contains("Good day");
    assertThat(answer("http://hello-c." + HOME + ".svc.cluster.local/")).contains("Good day");
  }

  @Test
  @Order(3)
  void everyExampleOfAnHttpAppAnswers() {
    var examples = List.of("hello-go", "hello-rust", "http-rust", "hello-java", "markdown");
    for (String example : examples) HOME_KUBECTL.apply(app(example, "replicas: 1"));

    for (String example : examples) {
      HOME_KUBECTL.run("wait", "wasmapp/" + example, "--for=condition=Ready", "--timeout=120s");
      assertThat(answer("http://" + example + "." + HOME + "/")).as(example).isNotBlank();
      HOME_KUBECTL.run("delete", "wasmapp", example);
    }
  }

  @Test
  @Order(4)
  void aRolloutLosesNoRequest() {
    var load = Load.on(HOME_KUBECTL, "during-rollout", "http://hello-c." + HOME + "/");

    HOME_KUBECTL.apply(app("hello-c", "replicas: 2, env: [{name: GREETING, value: Good night}]"));

    HOME_KUBECTL.run("wait", "wasmapp/hello-c", "--for=jsonpath={.status.updatedReplicas}=2");
    awaitThat(() -> conditionOf("wasmapp/hello-c", "Progressing"), "RolledOut");
    assertThat(answer("http://hello-c." + HOME + "/")).contains("Good night");
    load.endsWithoutALoss();
  }

  @Test
  @Order(5)
  void restartingAllAgentsAndTheOperatorLosesNoRequest() {
    var load = Load.on(HOME_KUBECTL, "during-restart", "http://hello-c." + HOME + "/");

    SYSTEM_KUBECTL.run("rollout", "restart", AGENTS, "deployment/dunlin-operator");

    rolledOut(AGENTS);
    rolledOut("deployment/dunlin-operator");
    load.endsWithoutALoss();
  }

  @Test
  @Order(6)
  void aReleaseIsUpgradedUnderLoadWithoutALoss() {
    var load = Load.on(HOME_KUBECTL, "during-upgrade", "http://hello-c." + HOME + "/");
    var values = new HashMap<>(VALUES);
    values.put("agent.podAnnotations.round", "second");
    values.put("operator.podAnnotations.round", "second");

    upgrade(values);

    rolledOut(AGENTS);
    rolledOut("deployment/dunlin-operator");
    load.endsWithoutALoss();
  }

  @Test
  @Order(7)
  void anAutoscaledAppGrowsWithItsLoadByTheMetricsApi() {
    HOME_KUBECTL.apply(
        app(
            "hello-rust",
            "resources: {limits: {memory: 32Mi}}, autoscaling: {minReplicas: 1, maxReplicas: 3, metrics: [{name: requests_per_second, averageValue: 20}]}"));
    HOME_KUBECTL.run("wait", "wasmapp/hello-rust", "--for=condition=Ready", "--timeout=60s");
    var load = Load.on(HOME_KUBECTL, "for-growth", "http://hello-rust." + HOME + "/");

    awaitThat(
        () -> HOME_KUBECTL.run("get", "wasmapp/hello-rust", "-o", "jsonpath={.status.replicas}"),
        "3");

    load.endsWithoutALoss();
    String metric =
        HOME_KUBECTL.run(
            "get",
            "--raw",
            "/apis/custom.metrics.k8s.io/v1beta2/namespaces/%s/wasmapps.dunlin.dev/hello-rust/requests_per_second"
                .formatted(HOME));
    assertThat(metric).contains("MetricValueList");
    HOME_KUBECTL.run("delete", "wasmapp", "hello-rust");
  }

  @Test
  @Order(8)
  void logsAreReadThroughTheApiServer() {
    HOME_KUBECTL.apply(app("ticker", "worker: {}, replicas: 1"));
    HOME_KUBECTL.run("wait", "wasmapp/ticker", "--for=condition=Ready", "--timeout=60s");

    await()
        .atMost(PATIENCE)
        .until(() ->
            HOME_KUBECTL
                    .call(
                        "",
                        "get",
                        "--raw",
                        "/apis/logs.dunlin.dev/v1alpha1/namespaces/%s/wasmapps/ticker/log"
                            .formatted(HOME))
                    .out()
                    .lines()
                    .count()
                > 1);
    HOME_KUBECTL.run("delete", "wasmapp", "ticker");
  }

  @Test
  @Order(9)
  void uninstallingLeavesNothingButTheCrdsAndTheApps() {
    Helm.uninstall(RELEASE).withNamespace(SYSTEM).withKubeConfig(KUBECONFIG).call();

    await().atMost(PATIENCE).until(() -> names("pods").isEmpty());
    assertThat(names("deployments,daemonsets,services,networkpolicies,poddisruptionbudgets"))
        .isEmpty();
    String mine = "app.kubernetes.io/part-of=dunlin";
    assertThat(
            names("clusterroles,clusterrolebindings,apiservices,validatingadmissionpolicies", mine))
        .isEmpty();
    assertThat(names("crds", mine))
        .contains("customresourcedefinition.apiextensions.k8s.io/wasmapps.dunlin.dev");
    assertThat(HOME_KUBECTL.run("get", "wasmapps", "-o", "name")).contains("hello-c");
  }

  private static Path chart() {
    return Repository.root().resolve("helm/dunlin");
  }

  private static void upgrade(Map<String, String> values) {
    var upgrade =
        new Helm(chart())
            .upgrade()
            .withName(RELEASE)
            .withNamespace(SYSTEM)
            .withKubeConfig(KUBECONFIG);
    values.forEach(upgrade::set);
    upgrade.call();
  }

  private static void rolledOut(String what) {
    SYSTEM_KUBECTL.run("rollout", "status", what, "--timeout=180s");
  }

  private static String app(String name, String spec) {
    return """
    apiVersion: dunlin.dev/v1alpha1
    kind: WasmApp
    metadata: {name: %s}
    spec: {image: "%s/%s:1.0", %s}
    """
        .formatted(name, Tools.REGISTRY, name, spec);
  }

  /** What a Pod gets that asks once. */
  private static String answer(String url) {
    HOME_KUBECTL.apply(Tools.pod("asks", "get, \"" + url + "\""));
    awaitThat(
        () -> HOME_KUBECTL.run("get", "pod/asks", "-o", "jsonpath={.status.phase}"), "Succeeded");
    String answer = HOME_KUBECTL.run("logs", "asks");
    HOME_KUBECTL.run("delete", "pod", "asks");
    return answer;
  }

  private static String conditionOf(String object, String type) {
    return HOME_KUBECTL.run(
        "get",
        object,
        "-o",
        "jsonpath={.status.conditions[?(@.type=='%s')].reason}".formatted(type));
  }

  private static void awaitThat(Supplier<String> asked, String expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(asked.get()).isEqualTo(expected));
  }

  private static List<String> names(String kinds, String... selector) {
    var arguments =
        selector.length == 0
            ? List.of("get", kinds, "-o", "name")
            : List.of("get", kinds, "-o", "name", "-l", selector[0]);
    return Arrays.stream(SYSTEM_KUBECTL.run(arguments.toArray(String[]::new)).split("\n"))
        .filter(line -> !line.isBlank())
        .toList();
  }
}
