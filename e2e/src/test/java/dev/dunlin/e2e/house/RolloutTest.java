package dev.dunlin.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.Kubectl;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new revision takes the old one's place, and no client notices but by the answers. */
@OnRealApiServer(controllers = true)
class RolloutTest {
  @SuppressWarnings("NullAway.Init")
  private static HelloHouse hello;

  @BeforeAll
  static void moveIn(ControlPlane controlPlane, Kubectl kubectl) throws IOException {
    hello = HelloHouse.over(controlPlane, kubectl);
  }

  @AfterAll
  static void moveOut() {
    hello.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void noRequestIsMissedWhileARevisionIsRolledOut(int replicas) throws IOException {
    hello.apply("c:1.0", "Hello", replicas);
    hello.awaitRolledOut(replicas);

    try (var clients = Requests.keepSending(hello.service)) {
      clients.awaitMore(50);
      hello.apply("c:1.0", "Servus", replicas);
      hello.awaitRolledOut(replicas);
      everyNodeSays("Servus, Ada, from C");
      hello.apply("rust:1.0", "Servus", replicas);
      hello.awaitRolledOut(replicas);
      everyNodeSays("Servus, Ada, from Rust");
      clients.awaitMore(50);

      clients.tell("two rollouts of " + replicas);
      assertThat(clients.missed()).isEmpty();
    }
  }

  private static void everyNodeSays(String text) throws IOException {
    for (ServiceProxy.Target target : hello.service.targets()) {
      assertThat(HttpCall.get("/?name=Ada").send(target.host(), target.port()).text())
          .startsWith(text);
    }
  }
}
