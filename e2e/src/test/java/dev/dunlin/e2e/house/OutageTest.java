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

/** What clients notice while a part of the house is gone. */
@OnRealApiServer(own = true, controllers = true)
class OutageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private House house;

  @SuppressWarnings("NullAway.Init")
  private Program operator;

  @SuppressWarnings("NullAway.Init")
  private Program agentA;

  @SuppressWarnings("NullAway.Init")
  private ServiceProxy service;

  @BeforeEach
  void anAppOnTwoNodes(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    house = House.over(controlPlane, kubectl.namespace());
    house
        .registry()
        .pushModule(
            "dunlin/hello-c:1.0",
            Files.readAllBytes(Repository.root().resolve("examples/hello-c/app.wasm")));
    operator = house.operator();
    agentA = house.agent("outage-a");
    house.agent("outage-b");
    house.startAll();
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: hello}
        spec: {image: "registry.example.com/dunlin/hello-c:1.0", replicas: 2}
        """);
    kubectl.run("wait", "--for=condition=Ready", "wasmapp/hello", "--timeout=60s");
    service = house.proxy("hello");
    await().atMost(PATIENCE).until(() -> service.targets().size() == 2);
  }

  @AfterEach
  void moveOut() {
    house.close();
  }

  @Test
  void noRequestIsMissedWhileTheOperatorIsGone(Kubectl kubectl) {
    try (var clients = Requests.keepSending(service)) {
      operator.kill();
      clients.awaitMore(500);
      operator.start();
      kubectl.run("scale", "wasmapp/hello", "--replicas=3");
      await().atMost(PATIENCE).until(() -> readyReplicas(kubectl).equals("3"));
      clients.awaitMore(100);

      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void noRequestIsMissedWhileTheApiServerIsGone(ControlPlane controlPlane, Kubectl kubectl) {
    try (var clients = Requests.keepSending(service)) {
      controlPlane.stopApiServer();
      clients.keepOnFor(Duration.ofSeconds(30));
      controlPlane.startApiServer();
      kubectl.run("scale", "wasmapp/hello", "--replicas=3");
      await().atMost(PATIENCE).until(() -> readyReplicas(kubectl).equals("3"));
      clients.awaitMore(100);

      assertThat(clients.missed()).isEmpty();
      assertThat(service.targets()).hasSize(2);
    }
  }

  @Test
  void onlyRequestsToADeadAgentAreMissedAndItsInstancesMove(Kubectl kubectl) {
    try (var clients = Requests.keepSending(service)) {
      agentA.kill();
      await().atMost(PATIENCE).until(() -> service.targets().size() == 1);
      await().atMost(PATIENCE).until(() -> readyReplicas(kubectl).equals("2"));
      String survivor = service.targets().getFirst().host();
      clients.awaitMore(200);

      assertThat(clients.missed()).noneMatch(miss -> miss.contains(survivor));
      assertThat(kubectl.run("get", "winst", "-o", "jsonpath={.items[*].spec.nodeName}"))
          .isEqualTo("outage-b outage-b");
    }
  }

  private static String readyReplicas(Kubectl kubectl) {
    return kubectl.run("get", "wasmapp", "hello", "-o", "jsonpath={.status.readyReplicas}");
  }
}
