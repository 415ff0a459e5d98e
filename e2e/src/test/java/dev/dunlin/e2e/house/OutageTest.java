package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients notice while a part of the house is gone. */
@OnRealApiServer(own = true, controllers = true)
class OutageTest {
  private static final Duration OUTAGE = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init")
  private HelloHouse hello;

  @BeforeEach
  void anAppOnTwoNodes(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    hello = HelloHouse.over(controlPlane, kubectl);
    hello.apply("c:1.0", "Hello", 2);
    hello.awaitOn(hello.nodeA, hello.nodeB);
  }

  @AfterEach
  void moveOut() {
    hello.close();
  }

  @Test
  void noRequestIsMissedWhileTheOperatorIsGone() {
    try (var clients = Requests.keepSending(hello.service)) {
      hello.operator.kill();
      hello.scale(4);
      clients.keepOnFor(OUTAGE);
      hello.operator.start();
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
      clients.awaitMore(100);

      clients.tell("operator gone for 30 s");
      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void noRequestIsMissedWhileTheApiServerIsGone(ControlPlane controlPlane) {
    String before = hello.instances();
    try (var clients = Requests.keepSending(hello.service)) {
      controlPlane.stopApiServer();
      clients.keepOnFor(OUTAGE);
      controlPlane.startApiServer();
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
      clients.awaitMore(100);

      clients.tell("API server gone for 30 s");
      assertThat(clients.missed()).isEmpty();
      assertThat(hello.instances().lines()).containsAll(before.lines().toList());
    }
  }

  @Test
  void onlyRequestsToADeadAgentAreMissedAndItsInstancesMove() {
    String before = hello.instances();
    String dead = hello.host(hello.nodeA);
    try (var clients = Requests.keepSending(hello.service)) {
      hello.agentA.kill();
      hello.awaitOn(hello.nodeB, hello.nodeB);
      int missed = clients.missed().size();
      clients.keepOnFor(OUTAGE);
      hello.agentA.start();
      hello.awaitNodeReady(hello.nodeA);
      // What it had is another agent's now: it opens the app's port for new instances only.
      assertThat(hello.placed()).containsExactly(hello.nodeB, hello.nodeB);
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
      clients.awaitMore(100);

      clients.tell("agent gone for 30 s");
      assertThat(clients.missed()).hasSize(missed).allMatch(miss -> miss.contains(dead + ":"));
      assertThat(hello.instances().lines().filter(before::contains)).hasSize(1);
    }
  }

  @Test
  void anAgentThatWasOutOfReachStopsWhatHasMoved() {
    String before = hello.instances();
    String frozen = hello.host(hello.nodeA);
    try (var clients = Requests.keepSending(hello.service)) {
      hello.agentA.freeze();
      clients.keepOnFor(OUTAGE);
      hello.awaitOn(hello.nodeB, hello.nodeB);
      hello.agentA.thaw();
      hello.awaitNodeReady(hello.nodeA);
      // It has ended what was replaced before it said that it is there again.
      assertThat(hello.isServed(hello.nodeA)).isFalse();
      assertThat(hello.placed()).containsExactly(hello.nodeB, hello.nodeB);
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
      clients.awaitMore(100);

      clients.tell("agent frozen for 30 s");
      assertThat(clients.missed()).allMatch(miss -> miss.contains(frozen + ":"));
      assertThat(hello.instances().lines().filter(before::contains)).hasSize(1);
    }
  }

  @Test
  void anAgentThatIsBackAtOnceGoesOnWithWhatItHad() {
    String before = hello.instances();
    String restarted = hello.host(hello.nodeA);
    try (var clients = Requests.keepSending(hello.service)) {
      hello.agentA.kill();
      hello.agentA.start();
      hello.awaitServed(hello.nodeA);
      hello.awaitOn(hello.nodeA, hello.nodeB);
      int missed = clients.missed().size();
      clients.awaitMore(500);

      clients.tell("agent killed and started again at once");
      assertThat(clients.missed()).hasSize(missed).allMatch(miss -> miss.contains(restarted + ":"));
      assertThat(hello.instances()).isEqualTo(before);
    }
  }

  @Test
  void noRequestIsMissedWhenAnAgentIsStoppedInPeace() {
    try (var clients = Requests.keepSending(hello.service)) {
      assertThat(hello.agentA.stop()).as("it ends by itself").isTrue();
      hello.awaitOn(hello.nodeB, hello.nodeB);
      clients.awaitMore(100);
      hello.agentA.start();
      hello.awaitNodeReady(hello.nodeA);
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
      clients.awaitMore(100);

      clients.tell("agent stopped in peace and started again");
      assertThat(clients.missed()).isEmpty();
    }
  }

  @Test
  void anOperatorThatIsKilledDuringARolloutEndsItAfterwards() throws IOException {
    try (var clients = Requests.keepSending(hello.service)) {
      for (String greeting : new String[] {"Servus", "Moin", "Ahoy"}) {
        hello.apply("c:1.0", greeting, 3);
        hello.operator.kill();
        hello.operator.start();
        hello.awaitRolledOut(3);
        assertThat(hello.service.get("/?name=Ada").text()).startsWith(greeting + ", Ada");
      }

      clients.tell("operator killed during three rollouts");
      assertThat(clients.missed()).isEmpty();
    }
  }
}
