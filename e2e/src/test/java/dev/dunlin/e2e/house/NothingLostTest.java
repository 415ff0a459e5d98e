package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clients of all kinds ask without a break while the app is changed and parts are updated or die:
 * new connections and old ones, HTTP/1.1 and HTTP/2, quick requests and some that are always under
 * way.
 */
@OnRealApiServer(controllers = true)
class NothingLostTest {
  private static final int REPLICAS = 4;
  private static final String SLOW = "/sleep?400";

  @SuppressWarnings("NullAway.Init")
  private static HelloHouse house;

  @SuppressWarnings("NullAway.Init")
  private static Kubectl api;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    api = kubectl;
    house = HelloHouse.over(controlPlane, kubectl);
    greeting("Hello");
    apply("first");
  }

  @AfterAll
  static void moveOut() {
    house.close();
  }

  @BeforeEach
  void everywhere() {
    house.awaitRolledOut(REPLICAS);
    await().atMost(HelloHouse.PATIENCE).until(() -> house.service.targets().size() == 2);
  }

  @Test
  void noRequestIsLostWhileAnAppIsRolledOutAndBack() {
    try (var clients = clients()) {
      apply("rolled-out");
      house.awaitRolledOut(REPLICAS);
      assertThat(revision()).isGreaterThan(1);
      patch("wasmapp", "hello", "{\"spec\": {\"rollbackTo\": {\"revision\": 1}}}");
      await().atMost(HelloHouse.PATIENCE).until(() -> revision() == 1);
      house.awaitRolledOut(REPLICAS);
      patch("wasmapp", "hello", "{\"spec\": {\"rollbackTo\": null}}");
      await().atMost(HelloHouse.PATIENCE).until(() -> revision() > 1);
      house.awaitRolledOut(REPLICAS);

      end(clients, "a roll-out, a roll back, and forward again");
    }
  }

  @Test
  void noRequestIsLostWhileAConfigMapChanges() {
    try (var clients = clients()) {
      greeting("Servus");
      await().atMost(HelloHouse.PATIENCE).until(() -> everyNodeSays("Servus"));
      house.awaitRolledOut(REPLICAS);

      end(clients, "a changed ConfigMap");
    }
  }

  @Test
  void noRequestIsLostWhileANodeIsCordonedAndOpenedAgain() {
    try (var clients = clients()) {
      patch("wasmnode", house.nodeA, "{\"spec\": {\"unschedulable\": true}}");
      house.awaitOn(house.nodeB, house.nodeB, house.nodeB, house.nodeB);
      patch("wasmnode", house.nodeA, "{\"spec\": {\"unschedulable\": null}}");
      apply("spread-after-cordon");
      house.awaitRolledOut(REPLICAS);

      end(clients, "a cordon");
    }
  }

  @Test
  void noRequestIsLostWhileAllAgentsAreUpdatedOneAfterTheOther() {
    try (var clients = clients()) {
      for (Program agent : List.of(house.agentA, house.agentB)) {
        assertThat(agent.stop()).as("it ends by itself").isTrue();
        agent.start();
        house.awaitNodeReady(agent.equals(house.agentA) ? house.nodeA : house.nodeB);
        house.awaitRolledOut(REPLICAS);
      }
      apply("spread-after-update");
      house.awaitRolledOut(REPLICAS);

      end(clients, "an update of all agents");
    }
  }

  @Test
  void noRequestIsLostWhenTheOperatorIsKilledInTheMiddleOfARollOut() {
    try (var clients = clients()) {
      apply("killed-operator");
      house.operator.kill();
      house.operator.start();
      house.awaitRolledOut(REPLICAS);

      end(clients, "a killed operator");
    }
  }

  @Test
  void nothingIsLostButWhatWasSentToAnAgentThatIsKilled() {
    String dead = house.host(house.nodeA);
    try (var clients = clients()) {
      house.agentA.kill();
      house.awaitOn(house.nodeB, house.nodeB, house.nodeB, house.nodeB);
      int lost = clients.missed().size();
      clients.awaitMore(200);
      house.agentA.start();
      house.awaitNodeReady(house.nodeA);
      apply("spread-after-kill");
      house.awaitRolledOut(REPLICAS);
      clients.awaitMore(100);
      clients.end();

      clients.tell("a killed agent");
      assertThat(clients.missed()).hasSize(lost).allMatch(miss -> miss.contains(dead + ":"));
    }
  }

  private static Requests clients() {
    var clients = Requests.keepSending(house.service, SLOW);
    clients.awaitMore(50);
    return clients;
  }

  private static void end(Requests clients, String what) {
    clients.awaitMore(50);
    clients.end();
    clients.tell(what);
    assertThat(clients.missed()).isEmpty();
  }

  private static void apply(String argument) {
    api.apply(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmApp
        metadata: {name: hello}
        spec:
          image: registry.example.com/told:1.0
          replicas: %d
          args: [%s]
          env:
          - {name: GREETING, valueFrom: {configMapKeyRef: {name: words, key: greeting}}}
        """
            .formatted(REPLICAS, argument));
  }

  private static void greeting(String word) {
    api.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: words}
        data: {greeting: %s}
        """
            .formatted(word));
  }

  private static void patch(String kind, String name, String patch) {
    api.run("patch", kind, name, "--type=merge", "-p", patch);
  }

  private static long revision() {
    return Long.parseLong(house.app("{.status.revisionNumber}"));
  }

  private static boolean everyNodeSays(String word) throws IOException {
    for (ServiceProxy.Target target : house.service.targets()) {
      var answer = HttpCall.get("/env?GREETING").send(target.host(), target.port());
      if (!answer.text().strip().equals(word)) return false;
    }
    return true;
  }
}
