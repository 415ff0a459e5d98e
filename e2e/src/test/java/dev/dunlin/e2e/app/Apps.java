package dev.dunlin.e2e.app;

import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.house.House;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.core.ThrowingRunnable;

/** One test's namespace in the shared house. */
record Apps(ControlPlane controlPlane, Inhabitants inhabitants, String namespace) {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  App app(String name) {
    return new App(this, name);
  }

  /** All that are there. */
  List<App> apps() {
    return client().resources(WasmApp.class).inNamespace(namespace).list().getItems().stream()
        .map(app -> app(app.getMetadata().getName()))
        .toList();
  }

  /** An app of that name and spec (YAML in flow style without its braces), applied. */
  App apply(String name, String spec) {
    App app = app(name);
    app.apply(spec);
    return app;
  }

  KubernetesClient client() {
    return controlPlane.client();
  }

  Kubectl kubectl() {
    return controlPlane.kubectl().inNamespace(namespace);
  }

  House house() {
    return inhabitants.house();
  }

  /** Applies an object of this namespace, as {@code kubectl apply --server-side} does. */
  void applyYaml(String yaml) {
    var object =
        client().getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
    client().resource(object).inNamespace(namespace).forceConflicts().serverSideApply();
  }

  void configMap(String name, String data) {
    applyYaml(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data: {%s}
        """
            .formatted(name, data));
  }

  void secret(String name, String data) {
    applyYaml(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {%s}
        """
            .formatted(name, data));
  }

  /** Of the cluster: it stays. */
  void priorityClass(String name, int value) {
    kubectl()
        .apply(
            """
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: %s}
            value: %d
            """
                .formatted(name, value));
  }

  WasmNode node(String name) {
    return client().resources(WasmNode.class).withName(name).require();
  }

  /** Waits until instances are placed there (again). */
  void awaitNodeReady(String node) {
    kubectl().run("wait", "wasmnode/" + node, "--for=condition=Ready", "--timeout=90s");
  }

  /** Changes a node's spec (YAML in flow style), and puts it back when closed. */
  Changed changeNode(String name, String spec) {
    merge(name, "{\"spec\": {" + spec + "}}");
    return () -> merge(name, "{\"spec\": {\"unschedulable\": null, \"taints\": null}}");
  }

  private void merge(String node, String patch) {
    kubectl().run("patch", "wasmnode", node, "--type=merge", "-p", patch);
  }

  /** To be put back. */
  interface Changed extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for something with the patience of these tests. */
  static void awaitUntil(String what, Callable<Boolean> state) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(state);
  }

  static void awaitAsserted(ThrowingRunnable assertions) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(assertions);
  }
}
