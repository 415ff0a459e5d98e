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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An app that nobody asks falls asleep, and wakes whoever else is down. */
@OnRealApiServer(own = true, controllers = true)
class IdleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private House house;

  @SuppressWarnings("NullAway.Init")
  private Kubectl kubectl;

  @SuppressWarnings("NullAway.Init")
  private Program agent;

  @SuppressWarnings("NullAway.Init")
  private ServiceProxy service;

  @BeforeEach
  void anAppThatSleepsSoon(ControlPlane controlPlane, Kubectl ofTest) throws IOException {
    kubectl = ofTest;
    house = House.over(controlPlane, kubectl.namespace());
    var module = Repository.root().resolve("examples/hello-c/app.wasm");
    house.registry().pushModule("c:1.0", Files.readAllBytes(module));
    house.operator();
    agent = house.agent(kubectl.namespace() + "-a", "--forget-code-after-seconds=3");
    service = house.proxy("app");
    house.startAll();
    apply("Hello");
    await().atMost(PATIENCE).until(() -> jsonPath("{.status.readyReplicas}").equals("1"));
    await().atMost(PATIENCE).until(() -> !service.targets().isEmpty());
  }

  @AfterEach
  void moveOut() {
    house.close();
  }

  @Test
  void anAppFallsAsleepAndAnswersWhileTheRegistryAndTheApiServerAreDown(ControlPlane controlPlane)
      throws IOException {
    assertThat(service.get("/?name=Ada").text()).contains("Hello, Ada");
    awaitAsleep();
    assertThat(instance("{.status.phase} {.status.ready}")).isEqualTo("Running true");
    house.registry().close();

    // As long as requests come it is not idle.
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(service.get("/?name=Ada").text()).contains("Hello, Ada");
          assertThat(idle()).isEqualTo("False ServingRequests");
        });
    awaitAsleep();

    controlPlane.stopApiServer();
    try {
      assertThat(service.get("/?name=Ada").text()).contains("Hello, Ada");
    } finally {
      controlPlane.startApiServer();
    }
    assertThat(metric("dunlin_app_cold_starts_total")).isGreaterThanOrEqualTo(2);
    assertThat(jsonPath("{.status.readyReplicas}")).isEqualTo("1");
  }

  @Test
  void aSleepingAppIsRolledOutAndDeleted() throws IOException {
    awaitAsleep();

    apply("Servus");

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(service.get("/?name=Ada").text()).contains("Servus, Ada"));
    await().atMost(PATIENCE).until(() -> instances().lines().count() == 1);
    awaitAsleep();

    kubectl.run("delete", "wasmapp", "app", "--timeout=60s");

    await().atMost(PATIENCE).until(() -> instances().isEmpty());
    await().atMost(PATIENCE).until(() -> metric("dunlin_agent_asleep") == 0);
  }

  private void apply(String greeting) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: app}
        spec:
          image: registry.example.com/c:1.0
          imagePullPolicy: Always
          env: [{name: GREETING, value: %s}]
          http: {idleAfterSeconds: 3}
        """
            .formatted(greeting));
  }

  /** Waits until nothing of the only instance is in memory, and it says so. */
  private void awaitAsleep() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(idle()).isEqualTo("True Idle");
          assertThat(metric("dunlin_agent_asleep")).isEqualTo(1);
          assertThat(metric("dunlin_agent_modules")).isZero();
        });
  }

  private String idle() {
    return instance(
        "{.status.conditions[?(@.type=='Idle')].status} {.status.conditions[?(@.type=='Idle')].reason}");
  }

  /** A number of the agent's, of all apps together. */
  private double metric(String name) throws IOException {
    return agent
        .admin("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String instances() {
    return kubectl.run("get", "wasminstances", "-o", "name");
  }

  private String instance(String path) {
    return kubectl.run(
        "get", "wasminstances", "-o", "jsonpath=" + path.replace("{.", "{.items[0]."));
  }

  private String jsonPath(String path) {
    return kubectl.run("get", "wasmapp", "app", "-o", "jsonpath=" + path);
  }
}
