package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.Program;
import dev.dunlin.e2e.house.ServiceProxy;
import dev.dunlin.oci.testing.InMemoryRegistry;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An agent on a real API server, with the compilers and the collector that a user's has; the bench
 * gives it instances as an operator does.
 */
final class AgentNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int FIRST_PORT = 20_000;

  private final String namespace;
  private final House house;
  private final Program agent;
  private final KubernetesClient client;
  private final SharedIndexInformer<WasmInstance> instances;
  private final Set<String> ready = ConcurrentHashMap.newKeySet();
  private final String host;
  private int apps;

  private AgentNode(ControlPlane controlPlane, String namespace, String heap, String... flags) {
    this.namespace = namespace;
    client = controlPlane.newClient(namespace);
    client.getConfiguration().setRequestRetryBackoffLimit(8); // who is told to come back later does
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .serverSideApply();
    house = House.over(controlPlane, namespace).withJvm(jvm(heap));
    agent = house.agent(namespace, flags).start();
    host = ServiceProxy.onThisMachine(address());
    instances = client.resources(WasmInstance.class).inNamespace(namespace).runnableInformer(0);
    instances.addEventHandler(new Readiness());
    instances.start().toCompletableFuture().join();
  }

  /** Named as its namespace; ready. */
  static AgentNode start(
      ControlPlane controlPlane, String namespace, String heap, String... flags) {
    return new AgentNode(controlPlane, namespace, heap, flags);
  }

  /** As the Makefile's {@code run-agent} has them. */
  static String[] jvm(String heap) {
    return new String[] {
      "-Xmx" + heap, "--enable-native-access=ALL-UNNAMED", "-XX:-DontCompileHugeMethods"
    };
  }

  private String address() {
    Await.until(
        "the node's address",
        PATIENCE,
        () -> {
          WasmNode node = client.resources(WasmNode.class).withName(namespace).get();
          return node != null && node.getStatus() != null && node.getStatus().address() != null;
        },
        () -> "none");
    return Objects.requireNonNull(
        client.resources(WasmNode.class).withName(namespace).require().getStatus().address());
  }

  InMemoryRegistry registry() {
    return house.registry();
  }

  /**
   * Gives it an instance of an app of its own; does not wait.
   *
   * @param http settings beside its port, as {@code "reuse": 1000}
   */
  App give(String image, String http) {
    App app;
    synchronized (this) {
      app = new App("app-%05d".formatted(apps), host, FIRST_PORT + apps);
      apps++;
    }
    String text =
        """
        {"metadata": {"name": "%1$s", "namespace": "%2$s"},
         "spec": {"appName": "%1$s", "revision": "1", "nodeName": "%2$s", "image": "%3$s",
          "http": {"port": %4$d, "timeoutSeconds": 60, "maxConcurrency": 16%5$s},
          "resources": {"limits": {"memory": "128Mi"}}}}
        """
            .formatted(app.name(), namespace, image, app.port(), http.isEmpty() ? "" : ", " + http);
    client.resource(Serialization.unmarshal(text, WasmInstance.class)).create();
    return app;
  }

  /** Until all that it was given serve. */
  void awaitReady() {
    Await.until(
        apps + " instances serve",
        PATIENCE,
        () -> ready.size() == apps,
        () -> ready.size() + " do");
  }

  /** Until nothing is being compiled any more. */
  void awaitCompiled() {
    awaitMetric("dunlin_engine_compilations", 0);
  }

  void awaitMetric(String name, double value) {
    Await.until(
        name + " is " + value, PATIENCE, () -> metric(name) == value, () -> "" + metric(name));
  }

  /** The sum of a metric's series. */
  double metric(String name) {
    try {
      return agent
          .admin("/metrics")
          .text()
          .lines()
          .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return agent.pid();
  }

  Path log() {
    return agent.log();
  }

  /** A number of KiB that the kernel says of the agent (proc(5), status): VmRSS, VmHWM, ... */
  long kib(String field) {
    return kib(pid(), field);
  }

  static long kib(long pid, String field) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith(field + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Duration cpu(long pid) {
    return ProcessHandle.of(pid).flatMap(it -> it.info().totalCpuDuration()).orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    instances.close();
    agent.kill(); // nobody is there to take its instances
    house.close();
    client.close();
  }

  private final class Readiness implements ResourceEventHandler<WasmInstance> {
    @Override
    public void onAdd(WasmInstance instance) {
      look(instance);
    }

    @Override
    public void onUpdate(WasmInstance before, WasmInstance after) {
      look(after);
    }

    @Override
    public void onDelete(WasmInstance instance, boolean stateUnknown) {
      ready.remove(instance.getMetadata().getName());
    }

    private void look(WasmInstance instance) {
      var status = instance.getStatus();
      if (status != null && Boolean.TRUE.equals(status.ready()))
        ready.add(instance.getMetadata().getName());
      else ready.remove(instance.getMetadata().getName());
    }
  }
}
