package dev.dunlin.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.child.Ports;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.Program;
import dev.dunlin.e2e.house.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A release of the chart, from its installation to its end, on a real API server whose namespace
 * has Pod Security "restricted". Its processes are not in Pods, since nobody here runs any, but
 * have the tokens that they would have there, and the flags.
 */
@OnRealApiServer(own = true, controllers = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReleaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PORT = Ports.free();
  private static final String NODE = "shore";
  private static final String AGENT = "app.kubernetes.io/name=dunlin-agent";
  private static final String OPERATOR = "app.kubernetes.io/name=dunlin-operator";

  @SuppressWarnings("NullAway.Init")
  private static House house;

  @SuppressWarnings("NullAway.Init")
  private static ControlPlane plane;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl system;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl life;

  @SuppressWarnings("NullAway.Init")
  private static Program agent;

  @SuppressWarnings("NullAway.Init")
  private static Refusals before;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) {
    plane = controlPlane;
    life = kubectl;
    // The chart's own are to come. A CRD that is deleted before it is established is looked at
    // again much later.
    String mine = "app.kubernetes.io/part-of=dunlin";
    kubectl.run("wait", "crd", "-l", mine, "--for=condition=Established", "--timeout=60s");
    kubectl.run("delete", "crd", "-l", mine, "--timeout=180s");
    house = House.over(controlPlane);
    house.registry().pushModule("told:1.0", Modules.told());
    house.registry().pushModule("hello:1.0", Modules.hello());
    system = kubectl.inNamespace(Chart.NAMESPACE);
    assertThat(house.systemNamespace()).isEqualTo(Chart.NAMESPACE);
    system.run(
        "label", "namespace", Chart.NAMESPACE, "pod-security.kubernetes.io/enforce=restricted");
  }

  @AfterAll
  static void moveOut() {
    if (house != null) house.close();
  }

  @Test
  @Order(1)
  void aReleaseOfAnOlderVersionBecomesOneOfThisWithItsCrds() {
    String newField =
        "jsonpath={.spec.versions[0].schema.openAPIV3Schema.properties.status.properties.memoryPressure.type}";
    new Chart(Repository.root().resolve("e2e/src/test/resources/chart-older/dunlin-0.0.1.tgz"))
        .install(plane.kubeconfig(), Map.of("operator.replicas", "1"));
    assertThat(system.run("get", "crd", "wasmnodes.dunlin.dev", "-o", newField)).isEmpty();

    Chart.ofThisTree().upgrade(plane.kubeconfig(), Map.of());

    assertThat(system.run("get", "crd", "wasmnodes.dunlin.dev", "-o", newField))
        .isEqualTo("boolean");
    assertThat(system.run("get", "deployment/dunlin-operator", "-o", "jsonpath={.spec.replicas}"))
        .as("values that were given are kept")
        .isEqualTo("1");
    Chart.uninstall(plane.kubeconfig());
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(left()).isEmpty());
  }

  @Test
  @Order(2)
  void itIsInstalledAndItsPodsPassPodSecurityRestricted() {
    Chart.ofThisTree().install(plane.kubeconfig(), Map.of()); // over the CRDs that were kept
    system.apply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(NODE));
    // Admission taints every new Node; it goes once the Node is Ready.
    system.run("patch", "node", NODE, "--type=merge", "-p", "{\"spec\": {\"taints\": null}}");

    await().atMost(PATIENCE).until(() -> pods(OPERATOR).size() == 2);
    await().atMost(PATIENCE).until(() -> pods(AGENT).size() == 1);
    assertThat(system.run("get", "crds", "-o", "name")).contains("wasmapps.dunlin.dev");
    assertThat(system.run("get", "events")).doesNotContain("FailedCreate");
  }

  @Test
  @Order(3)
  void operatorAndAgentMayDoAllThatALifeAsksForAndNothingIsRefused() throws IOException {
    serveAggregatedApisHere();
    before = Refusals.of(system);
    house.operator(
        kubeconfig("operator", "create", "token", "dunlin-operator"),
        flags(
            "deployment/dunlin-operator",
            Set.of("--admin-port", "--aggregated-api-port"),
            "--aggregated-api-port=" + PORT,
            "--remove-node-after-seconds=3",
            "--metrics-interval-seconds=1",
            "--metrics-window-seconds=5"));
    String pod = pods(AGENT).getFirst();
    bind(pod);
    agent = agent(pod);
    house.startAll();
    sayReady(pod);

    Life.of(life, house).live();

    assertThat(Refusals.of(system).since(before)).isEmpty();
  }

  @Test
  @Order(4)
  void theAgentOfTheOnlyNodeIsUpdatedAndNoRequestIsLost() throws IOException {
    life.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: steady}
        spec: {image: "registry.example.com/hello:1.0"}
        """);
    life.run("wait", "--for=condition=Ready", "wasmapp/steady", "--timeout=60s");
    var service = house.proxy(life.namespace(), "steady");
    await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
    String old = pods(AGENT).getFirst();
    try (var requests = Requests.keepSending(service)) {
      requests.awaitMore(50);

      system.run("set", "env", "daemonset/dunlin-agent", "UPDATED=yes");
      await().atMost(PATIENCE).until(() -> pods(AGENT).size() == 2);
      String next = pods(AGENT).stream().filter(pod -> !pod.equals(old)).findFirst().orElseThrow();
      bind(next);
      agent(next).start();
      sayReady(next);
      await().atMost(PATIENCE).until(() -> !pod(old, "{.metadata.deletionTimestamp}").isEmpty());
      assertThat(agent.stop()).isTrue();
      kubeletRemoves(old);
      requests.awaitMore(100);

      assertThat(requests.missed()).isEmpty();
      await()
          .atMost(PATIENCE)
          .until(() ->
              system
                  .run("get", "wasmnodes", "-o", "jsonpath={.items[*].metadata.name}")
                  .equals(next));
    }
    life.run("delete", "wasmapp/steady", "--timeout=60s");
    assertThat(Refusals.of(system).since(before)).isEmpty();
  }

  /** Whatever of the release is still there; WasmNodes and Leases are of who ran. */
  private static List<String> left() {
    return Stream.of(
            "all,secrets,serviceaccounts,roles,rolebindings,networkpolicies,poddisruptionbudgets",
            "clusterroles,clusterrolebindings,apiservices,validatingadmissionpolicies,validatingadmissionpolicybindings")
        .flatMap(kinds -> system.run("get", kinds, "-o", "name").lines())
        .filter(name -> name.contains("dunlin") && !name.contains("v1alpha1.dunlin.dev"))
        .toList();
  }

  /** The Service leads to this machine. */
  private static void serveAggregatedApisHere() {
    system.run(
        "patch",
        "service",
        "dunlin-operator",
        "--type=merge",
        "-p",
        """
        {"spec": {"type": "ExternalName", "externalName": "localhost", "clusterIP": null, "clusterIPs": null,
         "ports": [{"name": "aggregated", "port": %d}]}}\
        """
            .formatted(PORT));
  }

  /** What a scheduler says of a Pod. */
  private static void bind(String pod) {
    var bound =
        system.call(
            """
            {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "%s"},
             "target": {"apiVersion": "v1", "kind": "Node", "name": "%s"}}\
            """
                .formatted(pod, NODE),
            "create",
            "--raw",
            "/api/v1/namespaces/%s/pods/%s/binding".formatted(Chart.NAMESPACE, pod),
            "-f",
            "-");
    assertThat(bound.ok()).as(bound.err()).isTrue();
  }

  /** What a kubelet says of it. */
  private static void sayReady(String pod) {
    system.run(
        "patch",
        "pod",
        pod,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}");
  }

  private static void kubeletRemoves(String pod) {
    system.run("delete", "pod", pod, "--grace-period=0", "--force");
  }

  /** The agent of a Pod: with a token that is bound to it, as a kubelet would have it. */
  private static Program agent(String pod) throws IOException {
    return house.agent(
        pod,
        kubeconfig(
            pod,
            "create",
            "token",
            "dunlin-agent",
            "--bound-object-kind=Pod",
            "--bound-object-name=" + pod),
        flags(
            "daemonset/dunlin-agent",
            Set.of("--node-name", "--admin-port", "--bind-address", "--data-dir", "--log-port"),
            "--local-volumes=" + house.folder().resolve("volumes")));
  }

  private static String pod(String name, String jsonPath) {
    return system.run("get", "pod", name, "-o", "jsonpath=" + jsonPath);
  }

  private static Path kubeconfig(String name, String... command) throws IOException {
    String token = system.run(command).strip();
    return Files.writeString(
        house.folder().resolve(name + ".kubeconfig"),
        Files.readString(plane.kubeconfig())
            .replaceAll("user: \\{token: \\w+}", "user: {token: " + token + "}"));
  }

  /** Those of the chart, but for what is another one on this machine. */
  private static String[] flags(String workload, Set<String> without, String... more) {
    String arguments =
        system.run(
            "get",
            workload,
            "-o",
            "jsonpath={range .spec.template.spec.containers[0].args[*]}{@}{\"\\n\"}{end}");
    return Stream.concat(
            arguments
                .lines()
                .map(flag -> flag.replace("$(NODE_NAME)", NODE))
                .filter(flag -> !without.contains(flag.replaceFirst("=.*", ""))),
            Arrays.stream(more))
        .toArray(String[]::new);
  }

  private static List<String> pods(String labels) {
    return system
        .run("get", "pods", "-l", labels, "-o", "name")
        .lines()
        .map(name -> name.replaceFirst("^pod/", ""))
        .toList();
  }

  @Test
  @Order(5)
  void whatItMakesGoesWithIt() {
    assertThat(system.run("get", "apiservices", "-o", "name"))
        .contains("v1alpha1.logs.dunlin.dev", "v1beta2.custom.metrics.k8s.io");
    assertThat(system.run("get", "secrets", "-o", "name")).contains("dunlin-aggregated-api");
    house.close();

    Chart.uninstall(plane.kubeconfig());
    for (String pod : pods(AGENT)) kubeletRemoves(pod);

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(left()).isEmpty());
    assertThat(system.run("get", "crds", "-o", "name"))
        .contains("wasmapps.dunlin.dev", "wasminstances.dunlin.dev");
  }
}
