package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What Kubernetes itself knows of a node counts: its agents' Leases last ten minutes here, so that
 * only the Node and the Pod can speak.
 */
@OnRealApiServer(controllers = true)
class KubeletTest {
  @SuppressWarnings("NullAway.Init")
  private HelloHouse hello;

  @SuppressWarnings("NullAway.Init")
  private PlayedKubelet kubelet;

  @BeforeEach
  void anAppOnTwoNodes(ControlPlane controlPlane, Kubectl kubectl, KubernetesClient client)
      throws IOException {
    hello = HelloHouse.over(controlPlane, kubectl, "--lease-duration-seconds=600");
    kubelet = hello.kubelet(client); // closed too where it cannot start: the house would stay
    kubelet.start();
    hello.apply("c:1.0", "Hello", 2);
    hello.awaitOn(hello.nodeA, hello.nodeB);
  }

  @AfterEach
  void moveOut() {
    kubelet.close();
    hello.close();
  }

  @Test
  void anAgentWhosePodIsNotReadyIsLostBeforeItsLeaseSaysSo() {
    String dead = hello.host(hello.nodeA);
    try (var clients = Requests.keepSending(hello.service)) {
      hello.agentA.kill();
      hello.awaitOn(hello.nodeB, hello.nodeB);
      int missed = clients.missed().size();
      clients.awaitMore(100);
      hello.agentA.start();
      hello.awaitNodeReady(hello.nodeA);
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);

      clients.tell("agent killed, its Pod not ready");
      assertThat(clients.missed()).hasSize(missed).allMatch(miss -> miss.contains(dead + ":"));
    }
  }

  @Test
  void aNodeThatKubernetesCordonsIsEmptiedWithoutAMiss(Kubectl kubectl) {
    try (var clients = Requests.keepSending(hello.service)) {
      kubectl.run("cordon", hello.nodeA);
      hello.awaitOn(hello.nodeB, hello.nodeB);
      kubectl.run("uncordon", hello.nodeA);
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);

      clients.tell("Node cordoned");
      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void aTaintOfTheKubernetesNodeCountsAsTheWasmNodesOwn(Kubectl kubectl) {
    kubectl.run("taint", "node", hello.nodeA, "burning=yes:NoExecute");

    hello.awaitOn(hello.nodeB, hello.nodeB);
    kubectl.run("taint", "node", hello.nodeA, "burning-");
    hello.scale(4);
    hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
  }
}
