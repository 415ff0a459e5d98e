package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent that clients reach and the API server does not. */
@OnRealApiServer(own = true, controllers = true)
class PartitionTest {
  @SuppressWarnings("NullAway.Init")
  private ApiRoad road;

  @SuppressWarnings("NullAway.Init")
  private HelloHouse hello;

  @BeforeEach
  void anAppOnTwoNodes(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    road = ApiRoad.to(controlPlane);
    hello = HelloHouse.over(controlPlane, kubectl, road);
    hello.apply("c:1.0", "Hello", 2);
    hello.awaitOn(hello.nodeA, hello.nodeB);
  }

  @AfterEach
  void moveOut() {
    hello.close();
    road.close();
  }

  @Test
  void anAgentThatWasCutOffServesOnAndEndsWhatWasReplacedBeforeItCountsAgain() throws IOException {
    try (var clients = Requests.keepSending(hello.service)) {
      road.cut();
      hello.awaitOn(hello.nodeB, hello.nodeB);
      assertThat(hello.isServed(hello.nodeA))
          .as("it stops nothing while it knows nothing")
          .isTrue();
      hello.apply("c:1.0", "Moin", 2);
      hello.awaitRolledOut(2);

      road.heal();
      hello.awaitNodeReady(hello.nodeA);

      assertThat(hello.isServed(hello.nodeA)).as("what it had is another's now").isFalse();
      hello.scale(4);
      hello.awaitOn(hello.nodeA, hello.nodeA, hello.nodeB, hello.nodeB);
      int port = Integer.parseInt(hello.app("{.status.port}"));
      assertThat(HttpCall.get("/?name=Ada").send(hello.host(hello.nodeA), port).text())
          .startsWith("Moin, Ada");
      clients.awaitMore(100);
      clients.tell("agent cut off from the API server");
      assertThat(clients.missed()).isEmpty();
    }
  }
}
