package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Components, where some agents run them and others do not. */
@OnRealApiServer(controllers = true)
class ComponentAppTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private House house;

  @SuppressWarnings("NullAway.Init")
  private Kubectl kubectl;

  @SuppressWarnings("NullAway.Init")
  private ServiceProxy service;

  @SuppressWarnings("NullAway.Init")
  private String nativeNode;

  @SuppressWarnings("NullAway.Init")
  private String jvmNode;

  @BeforeAll
  static void thereIsANativeEngine() {
    NativeEngine.assume();
  }

  @BeforeEach
  void moveIn(ControlPlane controlPlane, Kubectl ofTest) throws IOException {
    kubectl = ofTest;
    nativeNode = kubectl.namespace() + "-native";
    jvmNode = kubectl.namespace() + "-jvm";
    house = House.over(controlPlane, kubectl.namespace());
    push("component:1.0", "http-rust");
    push("component:2.0", "fetch-rust");
    push("core:1.0", "hello-c");
    service = house.proxy("app");
    house.operator();
    house.agent(jvmNode, "--engine=jvm");
    house.startAll();
    awaitNode(jvmNode, "jvm");
  }

  @AfterEach
  void moveOut() {
    house.close();
  }

  @Test
  void aComponentIsPlacedServedScaledAndUpdatedOnTheNodesThatRunIt() throws IOException {
    addNativeNode();

    apply("component:1.0", 2);
    awaitOn(nativeNode, nativeNode);
    assertThat(service.get("/?name=Ada").text()).isEqualTo("Servus, Ada, from a component\n");
    assertThat(jsonPath("{.status.features}")).contains("component");

    kubectl.run("scale", "wasmapp/app", "--replicas=3");
    awaitOn(nativeNode, nativeNode, nativeNode);

    apply("component:2.0", 3);
    awaitRolledOut(3);
    awaitOn(nativeNode, nativeNode, nativeNode);
    assertThat(service.get("/nothing").text()).contains("GET /from?URL");

    apply("core:1.0", 2);
    awaitRolledOut(2);
    assertThat(placed()).contains(jvmNode);
    assertThat(service.get("/?name=Ada").text()).contains("Ada");
  }

  @Test
  void whereNoNodeRunsComponentsTheAppSaysSoUntilOneComes() throws IOException {
    apply("component:1.0", 1);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(condition("Ready", "reason")).isEqualTo("NoNodeWithFeatures");
          assertThat(condition("Progressing", "reason")).isEqualTo("NoNodeWithFeatures");
          assertThat(condition("Ready", "message")).contains("0/1 nodes run components");
          assertThat(kubectl.run("describe", "wasmapp", "app"))
              .containsPattern("Warning +NoNodeWithFeatures");
        });
    assertThat(placed()).isEmpty();

    addNativeNode();

    awaitOn(nativeNode);
    assertThat(service.get("/").text()).contains("from a component");
    assertThat(condition("Progressing", "reason")).isEqualTo("RolledOut");
  }

  private void push(String tag, String example) throws IOException {
    var module = Repository.root().resolve("examples").resolve(example).resolve("app.wasm");
    house.registry().pushModule(tag, Files.readAllBytes(module));
  }

  private void addNativeNode() {
    house.agent(nativeNode, "--engine=native");
    house.startAll();
    awaitNode(nativeNode, "native");
  }

  private void awaitNode(String node, String engine) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            kubectl
                .run(
                    "get",
                    "wasmnode",
                    node,
                    "--ignore-not-found",
                    "-o",
                    "jsonpath={.status.engine.name} {.status.conditions[?(@.type=='Ready')].status}")
                .equals(engine + " True"));
  }

  private void apply(String image, int replicas) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: app}
        spec:
          image: registry.example.com/%s
          replicas: %d
          env: [{name: GREETING, value: Servus}]
        """
            .formatted(image, replicas));
  }

  /** Waits until there are instances on those nodes and no others, all ready and in the Service. */
  private void awaitOn(String... nodes) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(placed()).containsExactlyInAnyOrder(nodes);
          assertThat(jsonPath("{.status.readyReplicas} {.status.replicas}"))
              .isEqualTo(nodes.length + " " + nodes.length);
          assertThat(service.targets()).hasSize((int) List.of(nodes).stream().distinct().count());
        });
  }

  private void awaitRolledOut(int replicas) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(jsonPath("{.status.observedGeneration}"))
              .isEqualTo(jsonPath("{.metadata.generation}"));
          assertThat(jsonPath("{.status.updatedReplicas} {.status.readyReplicas}"))
              .isEqualTo("%1$d %1$d".formatted(replicas));
          assertThat(placed()).hasSize(replicas);
        });
  }

  /** The node of each instance that there is. */
  private List<String> placed() {
    return kubectl
        .run("get", "wasminstances", "-o", "jsonpath={range .items[*]}{.spec.nodeName}{'\\n'}{end}")
        .lines()
        .toList();
  }

  private String condition(String type, String field) {
    return jsonPath("{.status.conditions[?(@.type=='%s')].%s}".formatted(type, field));
  }

  private String jsonPath(String path) {
    return kubectl.run("get", "wasmapp", "app", "-o", "jsonpath=" + path);
  }
}
