package dev.dunlin.e2e.many;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.Program;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@OnRealApiServer(controllers = true)
class ManyAppsTest {
  private static final int APPS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What a warm JVM may keep beside the apps: caches, code, pooled threads and connections. */
  private static final Footprint TOLERANCE = new Footprint(24L << 20, 12, 16);

  @Test
  void twoHundredAppsBecomeReadyAndGoWithoutATrace(
      ControlPlane controlPlane, Kubectl kubectl, KubernetesClient client)
      throws IOException, InterruptedException {
    try (House house = House.over(controlPlane, kubectl.namespace())) {
      house.registry().pushModule("dunlin/hello-c:1.0", module());
      List<Program> programs =
          List.of(house.operator(), house.agent("many-a"), house.agent("many-b"));
      house.startAll();
      comeAndGo(house, kubectl, client, 20); // what is loaded once is loaded now
      List<Footprint> before = footprints(programs);

      comeAndGo(house, kubectl, client, APPS);

      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(() -> assertBackTo(before, footprints(programs)));
    }
  }

  private static void comeAndGo(House house, Kubectl kubectl, KubernetesClient client, int apps)
      throws IOException {
    kubectl.apply(
        IntStream.range(0, apps)
            .mapToObj(ManyAppsTest::manifest)
            .collect(Collectors.joining("---\n")));
    await().atMost(PATIENCE).until(() -> ready(client) == apps);
    for (int i = 0; i < apps; i += 10) {
      var service = house.proxy("many-" + i);
      await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
      assertThat(service.get("/?name=" + i).text()).contains("Hello, " + i);
      service.close();
    }
    kubectl.run("delete", "wasmapps", "--all", "--timeout=300s");
    await()
        .atMost(PATIENCE)
        .until(() -> client.resources(WasmInstance.class).list().getItems().isEmpty());
  }

  private static long ready(KubernetesClient client) {
    return client.resources(WasmApp.class).list().getItems().stream()
        .filter(app -> app.getStatus() != null)
        .filter(app ->
            Condition.find(app.getStatus().conditions(), "Ready")
                .filter(Condition::isTrue)
                .isPresent())
        .count();
  }

  private static void assertBackTo(List<Footprint> before, List<Footprint> after) {
    for (int i = 0; i < before.size(); i++) {
      Footprint was = before.get(i);
      Footprint is = after.get(i);
      assertThat(is.heapBytes())
          .as("heap of program %d: %s, before: %s", i, is, was)
          .isLessThan(was.heapBytes() + TOLERANCE.heapBytes());
      assertThat(is.threads())
          .as("threads of program %d: %s, before: %s", i, is, was)
          .isLessThan(was.threads() + TOLERANCE.threads());
      assertThat(is.files())
          .as("files of program %d: %s, before: %s", i, is, was)
          .isLessThan(was.files() + TOLERANCE.files());
    }
  }

  private static List<Footprint> footprints(List<Program> programs)
      throws IOException, InterruptedException {
    var footprints = new ArrayList<Footprint>();
    for (Program program : programs) footprints.add(Footprint.of(program));
    return footprints;
  }

  private static byte[] module() throws IOException {
    return Files.readAllBytes(Repository.root().resolve("examples/hello-c/app.wasm"));
  }

  private static String manifest(int i) {
    return """
    apiVersion: dunlin.dev/v1alpha1
    kind: WasmApp
    metadata: {name: many-%d}
    spec:
      image: registry.example.com/dunlin/hello-c:1.0
      resources: {limits: {memory: 16Mi}}
    """
        .formatted(i);
  }
}
