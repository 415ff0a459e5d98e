package dev.dunlin.e2e.bench;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.KubernetesBinaries;
import dev.dunlin.e2e.cluster.Repository;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.ServiceProxy;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How long it takes from creating a WasmApp to the first good answer through its EndpointSlice,
 * beside what the API server alone needs to take an object and show it to a watcher. On real parts:
 * kube-apiserver, operator and agent as processes, a registry; the module is on the node already.
 */
public final class ApplyToAnswer {
  private static final int WARM_UP = 10;
  private static final int ROUNDS = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NAMESPACE = "default";

  private ApplyToAnswer() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    KubernetesBinaries binaries =
        KubernetesBinaries.find()
            .orElseThrow(() -> new IllegalStateException(KubernetesBinaries.whatIsMissing()));
    try (ControlPlane controlPlane = ControlPlane.start(binaries);
        KubernetesClient client = controlPlane.newClient(NAMESPACE)) {
      Repository.installCrds(controlPlane.client());
      controlPlane.startControllers();
      try (House house = House.over(controlPlane, NAMESPACE);
          SharedIndexInformer<ConfigMap> configMaps = client.configMaps().inform()) {
        byte[] module = Files.readAllBytes(Repository.root().resolve("examples/hello-c/app.wasm"));
        house.registry().pushModule("dunlin/hello-c:1.0", module);
        house.operator();
        house.agent("bench");
        house.startAll();
        var floors = new ArrayList<Long>();
        var answers = new ArrayList<Long>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
          long floor = createToSeen(client, configMaps, "bench-" + round);
          long answer = applyToAnswer(client, house, "bench-" + round);
          if (round < WARM_UP) continue;
          floors.add(floor);
          answers.add(answer);
        }
        report(floors, answers);
      }
    }
  }

  private static long createToSeen(
      KubernetesClient client, SharedIndexInformer<ConfigMap> seen, String name)
      throws InterruptedException {
    long start = System.nanoTime();
    client
        .resource(new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    await(name, () -> seen.getStore().getByKey(NAMESPACE + "/" + name) != null);
    return System.nanoTime() - start;
  }

  private static long applyToAnswer(KubernetesClient client, House house, String name)
      throws IOException, InterruptedException {
    var app =
        client
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: dunlin.dev/v1alpha1
                kind: WasmApp
                metadata: {name: %s}
                spec: {image: "registry.example.com/dunlin/hello-c:1.0"}
                """
                    .formatted(name),
                WasmApp.class);
    ServiceProxy service = house.proxy(name);
    long start = System.nanoTime();
    client.resource(app).create();
    await(name, () -> answers(service));
    long took = System.nanoTime() - start;
    client.resource(app).delete();
    service.close();
    return took;
  }

  private static boolean answers(ServiceProxy service) {
    if (service.targets().isEmpty()) return false;
    try {
      return service.get("/?name=Ada").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void await(String what, BooleanSupplier state) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!state.getAsBoolean()) {
      if (System.nanoTime() > end) throw new IllegalStateException(what + " did not come");
      Thread.sleep(1);
    }
  }

  private static void report(List<Long> floors, List<Long> answers) {
    System.out.printf("create a ConfigMap, seen by a watcher: %s%n", summary(floors));
    System.out.printf("create a WasmApp, answered           : %s%n", summary(answers));
    System.out.printf(
        "ratio of the medians                 : %.1f%n", median(answers) / median(floors));
  }

  private static String summary(List<Long> nanos) {
    double[] sorted = sorted(nanos);
    return "p50 %.0f ms, p90 %.0f ms, min %.0f ms, n = %d"
        .formatted(
            median(nanos),
            sorted[(int) Math.ceil(0.9 * sorted.length) - 1],
            sorted[0],
            nanos.size());
  }

  private static double median(List<Long> nanos) {
    double[] sorted = sorted(nanos);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double[] sorted(List<Long> nanos) {
    double[] millis = nanos.stream().mapToDouble(n -> n / 1e6).toArray();
    Arrays.sort(millis);
    return millis;
  }
}
