package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.badinput.Modules;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.Repository;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An operator, two agents and the app "hello", for tests that take one of them away. Its nodes have
 * names of their own, so that no agent takes on what another test left behind.
 */
final class HelloHouse implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  final Program operator;
  final Program agentA;
  final Program agentB;
  final String nodeA;
  final String nodeB;
  final ServiceProxy service;
  private final House house;
  private final Kubectl kubectl;

  private HelloHouse(House house, Kubectl kubectl, Optional<ApiRoad> road, String... agentFlags) {
    this.house = house;
    this.kubectl = kubectl;
    nodeA = kubectl.namespace() + "-a";
    nodeB = kubectl.namespace() + "-b";
    operator = house.operator();
    agentA =
        road.map(it -> house.agent(nodeA, it, agentFlags))
            .orElseGet(() -> house.agent(nodeA, agentFlags));
    agentB = house.agent(nodeB, agentFlags);
    service = house.proxy("hello");
  }

  /**
   * Both nodes are ready when this returns; the registry has the images c:1.0, rust:1.0 and
   * told:1.0.
   */
  static HelloHouse over(ControlPlane controlPlane, Kubectl kubectl, String... agentFlags)
      throws IOException {
    return over(controlPlane, kubectl, Optional.empty(), agentFlags);
  }

  /** The same with a road of its own for the first agent. */
  static HelloHouse over(ControlPlane controlPlane, Kubectl kubectl, ApiRoad road)
      throws IOException {
    return over(controlPlane, kubectl, Optional.of(road));
  }

  private static HelloHouse over(
      ControlPlane controlPlane, Kubectl kubectl, Optional<ApiRoad> road, String... agentFlags)
      throws IOException {
    var house = House.over(controlPlane, kubectl.namespace());
    for (String language : List.of("c", "rust")) {
      var module = Repository.root().resolve("examples/hello-" + language + "/app.wasm");
      house.registry().pushModule(language + ":1.0", Files.readAllBytes(module));
    }
    house.registry().pushModule("told:1.0", Modules.told());
    var hello = new HelloHouse(house, kubectl, road, agentFlags);
    house.startAll();
    hello.awaitNodeReady(hello.nodeA);
    hello.awaitNodeReady(hello.nodeB);
    return hello;
  }

  /** A kubelet for each of its agents, not started yet. */
  PlayedKubelet kubelet(KubernetesClient client) {
    return PlayedKubelet.of(client, house.systemNamespace())
        .with(nodeA, agentA)
        .with(nodeB, agentB);
  }

  /** Applies the app and waits for nothing. */
  void apply(String image, String greeting, int replicas) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: hello}
        spec:
          image: registry.example.com/%s
          replicas: %d
          env: [{name: GREETING, value: %s}]
        """
            .formatted(image, replicas, greeting));
  }

  void scale(int replicas) {
    kubectl.run("scale", "wasmapp/hello", "--replicas=" + replicas);
  }

  /**
   * Waits until instances are placed there; one that shuts down is Ready, too, until it is gone.
   */
  void awaitNodeReady(String node) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            get(
                    "wasmnode",
                    node,
                    "{.status.draining} {.status.conditions[?(@.type=='Ready')].status}")
                .equals("false True"));
  }

  /** Waits until exactly those instances exist, all are ready, and the Service has their nodes. */
  void awaitOn(String... nodes) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(placed()).containsExactlyInAnyOrder(nodes);
          assertThat(app("{.status.readyReplicas} {.status.replicas}"))
              .isEqualTo(nodes.length + " " + nodes.length);
          assertThat(service.targets().stream().map(ServiceProxy.Target::host))
              .containsExactlyInAnyOrderElementsOf(
                  List.of(nodes).stream().distinct().map(this::host).toList());
        });
  }

  /** Waits until the app answers there, whatever the API server says. */
  void awaitServed(String node) {
    await().atMost(PATIENCE).until(() -> isServed(node));
  }

  /** Whether the app answers there at this moment. */
  boolean isServed(String node) {
    int port = Integer.parseInt(app("{.status.port}"));
    try {
      return HttpCall.get("/").send(host(node), port).status() == 200;
    } catch (IOException closed) {
      return false;
    }
  }

  /** Waits until the app's present template, and no other, runs everywhere. */
  void awaitRolledOut(int replicas) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(app("{.status.observedGeneration}")).isEqualTo(app("{.metadata.generation}"));
          assertThat(app("{.status.updatedReplicas} {.status.readyReplicas} {.status.replicas}"))
              .isEqualTo("%1$d %1$d %1$d".formatted(replicas));
          assertThat(placed()).hasSize(replicas);
        });
  }

  /** The node of each instance that there is, those being deleted too. */
  List<String> placed() {
    return kubectl
        .run("get", "wasminstances", "-o", "jsonpath={range .items[*]}{.spec.nodeName}{'\\n'}{end}")
        .lines()
        .toList();
  }

  String instances() {
    return kubectl.run("get", "wasminstances", "-o", "name");
  }

  String app(String jsonPath) {
    return get("wasmapp", "hello", jsonPath);
  }

  /** Where a node's apps are reached on this machine. */
  String host(String node) {
    return ServiceProxy.onThisMachine(get("wasmnode", node, "{.status.address}"));
  }

  private String get(String kind, String name, String jsonPath) {
    return kubectl.run("get", kind, name, "--ignore-not-found", "-o", "jsonpath=" + jsonPath);
  }

  @Override
  public void close() {
    house.close();
  }
}
