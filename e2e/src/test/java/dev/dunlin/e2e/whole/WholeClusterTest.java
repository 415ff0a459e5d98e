package dev.dunlin.e2e.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.marcnuri.helm.Helm;
import dev.dunlin.e2e.chart.Chart;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/**
 * From {@code helm install} of the previous release to {@code helm uninstall}; each test goes on
 * where the last ended.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeClusterTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String SYSTEM = Chart.NAMESPACE;
  private static final String HOME = "dunlin-e2e";
  private static final String FOLDERS = "dunlin-e2e-folders";
  private static final String FOLDER = "/var/lib/dunlin-e2e";
  private static final String MINE = "app.kubernetes.io/part-of=dunlin";
  private static final String RESTRICTED = "pod-security.kubernetes.io/enforce=restricted";
  private static final String PRIVILEGED = "pod-security.kubernetes.io/enforce=privileged";
  private static final String FREED = "{\"metadata\":{\"finalizers\":null}}";
  private static final String AGENTS = "daemonset/dunlin-agent";
  private static final String OPERATOR = "deployment/dunlin-operator";
  private static final Map<String, String> VALUES =
      Map.of(
          "registries.plainHttp[0]", Tools.REGISTRY,
          "agent.resources.requests.memory", "512Mi",
          "agent.resources.limits.memory", "1Gi");

  private static final Path KUBECONFIG = property("dunlin.kubeconfig");
  private static final Path PREVIOUS = property("dunlin.previous");
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
    HOME_KUBECTL.apply(read(Repository.root().resolve("e2e/cluster/registry.yaml")));
    HOME_KUBECTL.run("wait", "pod/registry", "--for=condition=Ready", "--timeout=120s");
  }

  @AfterAll
  static void nothingIsLeft() {
    // With neither operator nor agent nobody else takes finalizers off (docs/install.md).
    if (!names("crds", MINE).isEmpty()) {
      SYSTEM_KUBECTL.run("delete", "wasmapps,wasmvolumes", "-n", HOME, "--all", "--wait=false");
      HOME_KUBECTL
          .run("get", "wasminstances,wasmvolumes", "-o", "name")
          .lines()
          .forEach(left -> HOME_KUBECTL.run("patch", left, "--type=merge", "-p", FREED));
    }
    SYSTEM_KUBECTL.run("delete", "crd", "--ignore-not-found", "-l", MINE, "--timeout=120s");
    SYSTEM_KUBECTL.run(
        "delete", "namespace", "--ignore-not-found", HOME, SYSTEM, FOLDERS, "--timeout=120s");
  }

  @Test
  @Order(1)
  void helmInstallsThePreviousReleaseUnderPodSecurityRestricted() {
    install(new Chart(PREVIOUS.resolve("helm/dunlin")));

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
  void itIsUpgradedToThisReleaseUnderLoadWithoutALoss() {
    String former = image(AGENTS);
    var load = Load.on(HOME_KUBECTL, "during-upgrade", "http://hello-c." + HOME + "/");

    Chart.ofThisTree().upgrade(KUBECONFIG, VALUES);

    rolledOut(OPERATOR);
    rolledOut(AGENTS);
    load.endsWithoutALoss();
    assertThat(image(AGENTS)).isNotEqualTo(former);
    assertThat(image(OPERATOR)).endsWith(image(AGENTS).replaceFirst(".*:", ":"));
  }

  @Test
  @Order(4)
  void everyExampleOfAnHttpAppAnswers() {
    for (String name : List.of("hello-go", "hello-rust", "http-rust", "hello-java", "markdown")) {
      HOME_KUBECTL.apply(example(name));
      HOME_KUBECTL.run("wait", "wasmapp/" + name, "--for=condition=Ready", "--timeout=120s");
      String url = HOME_KUBECTL.run("get", "wasmapp", name, "-o", "jsonpath={.status.url}");
      assertThat(answer(url + "/")).as(name).isNotBlank();
      deleteWithInstances(name);
    }
  }

  @Test
  @Order(5)
  void aRolloutLosesNoRequest() {
    var load = Load.on(HOME_KUBECTL, "during-rollout", "http://hello-c." + HOME + "/");

    HOME_KUBECTL.apply(app("hello-c", "replicas: 2, env: [{name: GREETING, value: Good night}]"));

    HOME_KUBECTL.run("wait", "wasmapp/hello-c", "--for=jsonpath={.status.updatedReplicas}=2");
    awaitThat(() -> conditionOf("wasmapp/hello-c", "Progressing"), "RolledOut");
    assertThat(answer("http://hello-c." + HOME + "/")).contains("Good night");
    load.endsWithoutALoss();
  }

  @Test
  @Order(6)
  void restartingAllAgentsAndTheOperatorLosesNoRequest() {
    var load = Load.on(HOME_KUBECTL, "during-restart", "http://hello-c." + HOME + "/");

    SYSTEM_KUBECTL.run("rollout", "restart", AGENTS, OPERATOR);

    rolledOut(AGENTS);
    rolledOut(OPERATOR);
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
    deleteWithInstances("hello-rust");
  }

  @Test
  @Order(8)
  void logsAreReadThroughTheApiServer() {
    HOME_KUBECTL.apply(example("ticker"));
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
    deleteWithInstances("ticker");
  }

  @Test
  @Order(9)
  void helmTestAndTheCommandReachTheCluster() throws Exception {
    Helm.test(Chart.RELEASE)
        .withNamespace(SYSTEM)
        .withKubeConfig(KUBECONFIG)
        .withTimeout(120)
        .call();

    assertThat(dunlin("invoke", "hello-c", "/?name=Ada")).contains("Good night, Ada");
    assertThat(dunlin("status", "hello-c")).contains("hello-c").contains("2/2");
  }

  @Test
  @Order(10)
  void whatRunsOnACordonedNodeGoesOnServing() {
    var load = Load.on(HOME_KUBECTL, "during-drain", "http://hello-c." + HOME + "/");
    String node =
        HOME_KUBECTL
            .run(
                "get",
                "wasminstances",
                "-l",
                "dunlin.dev/app=hello-c",
                "-o",
                "jsonpath={range .items[*]}{.spec.nodeName}{\"\\n\"}{end}")
            .lines()
            .findFirst()
            .orElseThrow();
    String host =
        HOME_KUBECTL.run(
            "get", "wasmnode", node, "-o", "jsonpath={.metadata.labels.kubernetes\\.io/hostname}");
    // The only node has nowhere to give its apps to, and keeps them; one of several gives them
    // away.
    String end = names("nodes").size() == 1 ? "Draining" : "Drained";

    SYSTEM_KUBECTL.run("cordon", host);
    try {
      awaitThat(() -> conditionOf("wasmnode/" + node, "Drained"), end);
      load.endsWithoutALoss();
    } finally {
      SYSTEM_KUBECTL.run("uncordon", host);
    }
    awaitThat(() -> conditionOf("wasmnode/" + node, "Drained"), "");
    HOME_KUBECTL.run("wait", "wasmapp/hello-c", "--for=condition=Ready", "--timeout=60s");
  }

  @Test
  @Order(11)
  void aVolumeOfANodeOutlivesItsAgent() {
    SYSTEM_KUBECTL.run("create", "namespace", FOLDERS);
    SYSTEM_KUBECTL.inNamespace(FOLDERS).apply(Tools.lender(FOLDER));
    SYSTEM_KUBECTL
        .inNamespace(FOLDERS)
        .run("rollout", "status", "daemonset/lender", "--timeout=60s");
    SYSTEM_KUBECTL.run("label", "namespace", SYSTEM, "--overwrite", PRIVILEGED);
    var values = new HashMap<>(VALUES);
    values.put("agent.localVolumes.hostPath", FOLDER);
    values.put("agent.updateStrategy.rollingUpdate.maxSurge", "0");
    values.put("agent.updateStrategy.rollingUpdate.maxUnavailable", "1");
    Chart.ofThisTree().upgrade(KUBECONFIG, values);
    rolledOut(AGENTS);
    HOME_KUBECTL.apply(example("guestbook"));
    HOME_KUBECTL.run("wait", "wasmapp/guestbook", "--for=condition=Ready", "--timeout=120s");
    asked("post, \"http://guestbook." + HOME + "/\", \"Ada was here\"");

    SYSTEM_KUBECTL.run("rollout", "restart", AGENTS);
    rolledOut(AGENTS);

    awaitThat(
        () ->
            HOME_KUBECTL.run(
                "get", "wasmapp/guestbook", "-o", "jsonpath={.status.availableReplicas}"),
        "1");
    assertThat(answer("http://guestbook." + HOME + "/")).contains("Ada was here");
    // Its files are its agent's to remove, so this goes while there is one that has the folder.
    deleteWithInstances("guestbook");
    HOME_KUBECTL.run("delete", "wasmvolume", "guestbook", "--timeout=60s");
  }

  @Test
  @Order(12)
  void uninstallingLeavesNothingButTheCrdsAndTheApps() {
    uninstall();

    assertThat(names("deployments,daemonsets,services,networkpolicies,poddisruptionbudgets"))
        .isEmpty();
    assertThat(
            names("clusterroles,clusterrolebindings,apiservices,validatingadmissionpolicies", MINE))
        .isEmpty();
    assertThat(names("crds", MINE))
        .contains("customresourcedefinition.apiextensions.k8s.io/wasmapps.dunlin.dev");
    assertThat(HOME_KUBECTL.run("get", "wasmapps", "-o", "name")).contains("hello-c");
  }

  @Test
  @Order(13)
  void whatWasLeftRunsAgainOnceInstalledAgain() {
    SYSTEM_KUBECTL.run("label", "namespace", SYSTEM, "--overwrite", RESTRICTED);
    install(Chart.ofThisTree());

    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(dunlin("invoke", "--fail", "hello-c")).contains("Good night"));
    assertThat(answer("http://hello-c." + HOME + "/")).contains("Good night");
  }

  @Test
  @Order(14)
  void afterItsAppsTheReleaseGoesWithoutATrace() {
    HOME_KUBECTL.run("delete", "wasmapps,wasmvolumes", "--all", "--timeout=120s");
    HOME_KUBECTL.run("wait", "--for=delete", "wasminstances", "--all", "--timeout=120s");
    uninstall();
    SYSTEM_KUBECTL.run("delete", "crd", "-l", MINE, "--timeout=120s");

    assertThat(names("crds", MINE)).isEmpty();
    SYSTEM_KUBECTL.run("delete", "namespace", HOME, SYSTEM, "--timeout=120s");
  }

  private static void install(Chart chart) {
    chart.install(KUBECONFIG, VALUES);
    rolledOut(OPERATOR);
    rolledOut(AGENTS);
  }

  private static void uninstall() {
    Chart.uninstall(KUBECONFIG);
    await().atMost(PATIENCE).until(() -> names("pods").isEmpty());
  }

  /** What {@code dunlin} prints, as somebody in the apps' namespace. */
  private static String dunlin(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Repository.root().resolve("bin/dunlin").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--namespace", HOME, "--kubeconfig", KUBECONFIG.toString()));
    Path errors = Files.createTempFile("dunlin", ".err");
    var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor())
        .as(() -> String.join(" ", command) + ": " + read(errors) + printed)
        .isZero();
    return printed;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rolledOut(String what) {
    SYSTEM_KUBECTL.run("rollout", "status", what, "--timeout=180s");
  }

  private static String image(String workload) {
    return SYSTEM_KUBECTL.run(
        "get", workload, "-o", "jsonpath={.spec.template.spec.containers[0].image}");
  }

  private static void deleteWithInstances(String app) {
    HOME_KUBECTL.run("delete", "wasmapp", app);
    HOME_KUBECTL.run(
        "wait", "--for=delete", "wasminstances", "-l", "dunlin.dev/app=" + app, "--timeout=60s");
  }

  /** The manifest of {@code examples/NAME}, with the registry in the cluster. */
  private static String example(String name) {
    return read(Repository.root().resolve("examples").resolve(name).resolve("wasmapp.yaml"))
        .replace("registry.example.com/dunlin", Tools.REGISTRY);
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
    return asked("get, \"" + url + "\"");
  }

  private static String asked(String arguments) {
    HOME_KUBECTL.run("delete", "pod", "asks", "--ignore-not-found");
    HOME_KUBECTL.apply(Tools.pod("asks", arguments));
    awaitThat(
        () -> HOME_KUBECTL.run("get", "pod/asks", "-o", "jsonpath={.status.phase}"), "Succeeded");
    return HOME_KUBECTL.run("logs", "asks");
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
    return SYSTEM_KUBECTL.run(arguments.toArray(String[]::new)).lines().toList();
  }
}
