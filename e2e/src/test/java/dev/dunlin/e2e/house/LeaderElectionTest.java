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

/** Of two operators one works, and the other takes over. */
@OnRealApiServer(own = true, controllers = true)
class LeaderElectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @SuppressWarnings("NullAway.Init")
  private House house;

  @SuppressWarnings("NullAway.Init")
  private Kubectl kubectl;

  @SuppressWarnings("NullAway.Init")
  private Program leader;

  @BeforeEach
  void twoOperators(ControlPlane controlPlane, Kubectl itsKubectl) throws IOException {
    kubectl = itsKubectl;
    house = House.over(controlPlane, kubectl.namespace());
    var module = Repository.root().resolve("examples/hello-c/app.wasm");
    house.registry().pushModule("c:1.0", Files.readAllBytes(module));
    leader = house.operator();
    house.operator();
    house.agent(kubectl.namespace() + "-a");
    leader.start();
    await().atMost(PATIENCE).until(() -> !holder().isEmpty());
    house.startAll();
  }

  @AfterEach
  void moveOut() {
    house.close();
  }

  @Test
  void theNextOperatorWorksOnceTheLeaderHasGivenTheLeaseBack() {
    String first = holder();
    apply(1);
    awaitReady(1);

    assertThat(leader.stop()).as("the leader ends by itself").isTrue();

    await().atMost(PATIENCE).until(() -> !holder().isEmpty() && !holder().equals(first));
    apply(3);
    awaitReady(3);
  }

  private String holder() {
    return kubectl
        .inNamespace(kubectl.namespace() + "-system")
        .run(
            "get",
            "lease",
            "dunlin-operator",
            "--ignore-not-found",
            "-o",
            "jsonpath={.spec.holderIdentity}");
  }

  private void apply(int replicas) {
    kubectl.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: hello}
        spec:
          image: registry.example.com/c:1.0
          replicas: %d
        """
            .formatted(replicas));
  }

  private void awaitReady(int replicas) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            kubectl
                .run("get", "wasmapp", "hello", "-o", "jsonpath={.status.readyReplicas}")
                .equals(String.valueOf(replicas)));
  }
}
