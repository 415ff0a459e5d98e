package dev.dunlin.e2e.bench.failover;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.HttpCall;
import dev.dunlin.e2e.house.Program;
import dev.dunlin.e2e.house.Requests;
import dev.dunlin.e2e.house.ServiceProxy;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An operator, three agents and one app with six replicas, and all that is done to them. */
final class Scene implements AutoCloseable {
  static final int REPLICAS = 6;
  static final List<String> NODES = List.of("failover-a", "failover-b", "failover-c");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What takes 400 ms to answer. */
  private static final String SLOW = "/sleep?400";

  private static final String NAMESPACE = "default";

  final Program operator;
  final Map<String, Program> agents = new LinkedHashMap<>();
  final House house;
  private final ServiceProxy service;
  private final KubernetesClient client;

  private Scene(ControlPlane controlPlane) {
    client = controlPlane.client();
    house = House.over(controlPlane, NAMESPACE);
    operator = house.operator();
    NODES.forEach(node -> agents.put(node, house.agent(node)));
    service = house.proxy("hello");
  }

  static Scene set(ControlPlane controlPlane) throws IOException {
    var scene = new Scene(controlPlane);
    byte[] module =
        Files.readAllBytes(Repository.root().resolve("e2e/src/test/resources/guests/told.wasm"));
    scene.house.registry().pushModule("dunlin/told:1", module);
    scene.house.startAll();
    NODES.forEach(scene::awaitNodeReady);
    scene.configure("Hello");
    scene
        .client
        .resource(
            scene
                .client
                .getKubernetesSerialization()
                .unmarshal(
                    """
                    apiVersion: dunlin.dev/v1alpha1
                    kind: WasmApp
                    metadata: {name: hello}
                    spec:
                      image: registry.example.com/dunlin/told:1
                      replicas: %d
                      env:
                      - {name: GREETING, valueFrom: {configMapKeyRef: {name: words, key: greeting}}}
                    """
                        .formatted(REPLICAS),
                    WasmApp.class))
        .create();
    scene.awaitRolledOut();
    return scene;
  }

  /** Clients of the app. */
  Requests requests() {
    return Requests.keepSending(service, SLOW);
  }

  void configure(String greeting) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("words")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("greeting", greeting)
                .build())
        .serverSideApply();
  }

  /** A JSON merge patch of the app's spec. */
  void change(String spec) {
    app().patch(merge(), "{\"spec\": " + spec + "}");
  }

  void cordon(String node, boolean cordoned) {
    client
        .resources(WasmNode.class)
        .withName(node)
        .patch(merge(), "{\"spec\": {\"unschedulable\": " + cordoned + "}}");
  }

  private static PatchContext merge() {
    return PatchContext.of(PatchType.JSON_MERGE);
  }

  private Resource<WasmApp> app() {
    return client.resources(WasmApp.class).inNamespace(NAMESPACE).withName("hello");
  }

  private WasmAppStatus status() {
    return Objects.requireNonNullElse(app().require().getStatus(), WasmAppStatus.EMPTY);
  }

  void awaitNodeReady(String node) {
    await(
        node + " is Ready",
        () -> {
          @Nullable WasmNode there = client.resources(WasmNode.class).withName(node).get();
          return there != null
              && there.getStatus() != null
              && there.getStatus().conditions().stream()
                  .anyMatch(c -> c.type().equals("Ready") && c.isTrue());
        });
  }

  /** Waits until the present template runs everywhere and nothing else does. */
  void awaitRolledOut() {
    await(
        "hello is rolled out",
        () -> {
          WasmApp app = app().require();
          WasmAppStatus status = Objects.requireNonNullElse(app.getStatus(), WasmAppStatus.EMPTY);
          return Objects.equals(status.observedGeneration(), app.getMetadata().getGeneration())
              && List.of(count(status.updatedReplicas()), count(status.readyReplicas()))
                  .equals(List.of(REPLICAS, REPLICAS))
              && instances().size() == REPLICAS;
        });
  }

  private static int count(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  /**
   * Waits until all replicas are ready, none of them there, and the Service does not lead there.
   */
  void awaitWithout(String node) {
    await(
        "all replicas are ready without " + node,
        () ->
            count(status().readyReplicas()) == REPLICAS
                && instances().size() == REPLICAS
                && instances().stream()
                    .noneMatch(instance -> instance.getSpec().nodeName().equals(node)));
  }

  /** Waits until the Service leads to every node. */
  void awaitEverywhere() {
    await("the Service leads everywhere", () -> service.targets().size() == NODES.size());
  }

  /** Waits until every place that the Service leads to greets so. */
  void awaitGreeting(String greeting) {
    await(
        "everybody says " + greeting,
        () ->
            !service.targets().isEmpty()
                && service.targets().stream().allMatch(t -> says(t, greeting)));
  }

  private static boolean says(ServiceProxy.Target target, String greeting) {
    try {
      return HttpCall.get("/env?GREETING")
          .send(target.host(), target.port())
          .text()
          .strip()
          .equals(greeting);
    } catch (IOException notYet) {
      return false;
    }
  }

  long revisionNumber() {
    return Objects.requireNonNull(status().revisionNumber(), "status.revisionNumber");
  }

  void awaitRevision(long number) {
    await(
        "revision " + number + " runs",
        () -> Objects.equals(status().revisionNumber(), number) && count(status().replicas()) > 0);
    awaitRolledOut();
  }

  /** Makes new instances, so that they are spread over all nodes again. */
  void spread(int round) {
    change("{\"args\": [\"" + round + "\"]}");
    awaitRolledOut();
  }

  private List<WasmInstance> instances() {
    return client.resources(WasmInstance.class).inNamespace(NAMESPACE).list().getItems();
  }

  String address(String node) {
    return ServiceProxy.onThisMachine(
        Objects.requireNonNull(
            client.resources(WasmNode.class).withName(node).require().getStatus().address()));
  }

  private void await(String what, BooleanSupplier state) {
    Await.until(
        what,
        PATIENCE,
        state,
        () -> status() + "\n" + instances().stream().map(Scene::line).toList());
  }

  private static String line(WasmInstance instance) {
    return instance.getMetadata().getName()
        + " on "
        + instance.getSpec().nodeName()
        + (instance.getMetadata().getDeletionTimestamp() == null ? "" : ", going")
        + ": "
        + instance.getStatus();
  }

  @Override
  public void close() {
    house.close();
  }
}
