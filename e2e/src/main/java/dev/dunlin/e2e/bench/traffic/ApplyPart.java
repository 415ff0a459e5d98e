package dev.dunlin.e2e.bench.traffic;

import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.e2e.child.Await;
import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.house.House;
import dev.dunlin.e2e.house.HttpCall;
import dev.dunlin.e2e.house.Program;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * From {@code kubectl apply} to the first answer through the app's EndpointSlice, and when each
 * step was done: what is written as a watcher sees it, what is not as the programs' logs say.
 */
final class ApplyPart {
  private static final String NAMESPACE = "apply";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WARM_UP = 8;

  /** Has the operator's framework say when it is told of a change. */
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %msg%n</pattern></encoder>
        </appender>
        <logger name="io.javaoperatorsdk.operator.processing.event.EventProcessor" level="DEBUG"/>
        <root level="WARN"><appender-ref ref="OUT"/></root>
      </configuration>
      """;

  private final Plan plan;
  private final ControlPlane controlPlane;

  ApplyPart(Plan plan, ControlPlane controlPlane) {
    this.plan = plan;
    this.controlPlane = controlPlane;
  }

  Map<String, Object> measure() throws IOException, InterruptedException {
    controlPlane
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .serverSideApply();
    Path logback = Files.createTempFile("dunlin-traffic-", ".xml");
    try (KubernetesClient client = controlPlane.newClient(NAMESPACE);
        House house = House.over(controlPlane, NAMESPACE)) {
      Files.writeString(logback, LOGBACK);
      Program operator =
          house
              .withJvm(
                  "-Xmx1g",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Dlogback.configurationFile=" + logback)
              .operator();
      var jvm = new ArrayList<>(List.of(AgentNode.jvm("1g")));
      jvm.add("-DDUNLIN_LOG_LEVEL=DEBUG");
      Program agent = house.withJvm(jvm.toArray(String[]::new)).agent(NAMESPACE);
      house.startAll();
      awaitNode(client);
      try (var watched = new Sightings(client)) {
        var cached = new ArrayList<Sightings.Times>();
        var fresh = new ArrayList<Sightings.Times>();
        var variants = Variants.of(house.registry(), "hello", plan.rust());
        String known = variants.tagged(0);
        for (int round = 0; round < WARM_UP + plan.applies(); round++) {
          var there = apply("cached-" + round, known, watched);
          var absent = apply("fresh-" + round, variants.tagged(1 + round), watched);
          if (round < WARM_UP) continue;
          cached.add(there);
          fresh.add(absent);
        }
        var logs = new ProgramLogs(operator.log(), agent.log());
        var found = new LinkedHashMap<String, Object>();
        found.put("cached", steps(cached, logs));
        found.put("fresh", steps(fresh, logs));
        return found;
      }
    } finally {
      Files.deleteIfExists(logback);
    }
  }

  private static void awaitNode(KubernetesClient client) {
    Await.until(
        "the operator finds the node ready",
        PATIENCE,
        () -> {
          WasmNode node = client.resources(WasmNode.class).withName(NAMESPACE).get();
          return node != null
              && node.getStatus() != null
              && node.getStatus().conditions().stream()
                  .anyMatch(it -> it.type().equals("Ready") && it.isTrue());
        },
        () -> "not ready");
  }

  private Sightings.Times apply(String name, String image, Sightings watched)
      throws IOException, InterruptedException {
    var kubectl = controlPlane.kubectl().inNamespace(NAMESPACE);
    var times = watched.expect(name);
    times.mark("begun");
    var applying =
        Thread.ofPlatform()
            .start(() -> {
              kubectl.apply(
                  """
                  apiVersion: dunlin.dev/v1alpha1
                  kind: WasmApp
                  metadata: {name: %s}
                  spec:
                    image: "%s"
                    resources: {requests: {memory: 1Mi}}
                  """
                      .formatted(name, image));
              times.mark("kubectl ended");
            });
    var target = times.awaitTarget(PATIENCE);
    while (true) {
      try {
        var answer = HttpCall.get("/hello").send(target.host(), target.port());
        if (answer.status() == 200) break;
        throw new IllegalStateException(name + " answered " + answer);
      } catch (ConnectException notYet) {
        Thread.onSpinWait();
      }
    }
    times.mark("first 200");
    applying.join();
    times.await("instance ready", PATIENCE);
    times.await("kubectl ended", PATIENCE);
    return times;
  }

  /** Milliseconds since kubectl was started, of each step and each round. */
  private static Map<String, List<Double>> steps(List<Sightings.Times> all, ProgramLogs logs) {
    var steps = new LinkedHashMap<String, List<Double>>();
    for (var times : all) {
      var at = times.all();
      at.putAll(logs.of(times.app(), times.instance()));
      long begun = Objects.requireNonNull(at.get("begun"));
      at.forEach((step, micros) ->
          steps.computeIfAbsent(step, it -> new ArrayList<>()).add((micros - begun) / 1e3));
    }
    steps.values().removeIf(values -> values.size() < all.size()); // rounds are compared one by one
    return steps;
  }
}
