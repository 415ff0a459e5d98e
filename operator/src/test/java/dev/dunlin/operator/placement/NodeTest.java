package dev.dunlin.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.WasmNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static Node node(String status, String reason) {
    var object =
        Serialization.unmarshal(
            """
            ---
            metadata: {name: n}
            status:
              allocatable: {memory: 1Gi, instances: 10}
              conditions:
              - {type: Ready, status: "%s", reason: %s, message: "", lastTransitionTime: "2026-01-01T12:00:00Z"}
            """
                .formatted(status, reason),
            WasmNode.class);
    return Node.of(object, Host.NONE, List.of(), GRACE);
  }

  @Test
  void anAgentThatFellSilentIsLostAfterTheGrace() {
    var node = node("False", "LeaseExpired");

    assertThat(node.ready()).isFalse();
    assertThat(node.isLost(SINCE.plusSeconds(2))).isFalse();
    assertThat(node.isLost(SINCE.plusSeconds(3))).isTrue();
    assertThat(node("False", "AgentGone").isLost(SINCE.plusSeconds(3))).isTrue();
  }

  @Test
  void anAgentThatSaysItHasEndedIsLostAtOnce() {
    assertThat(node("False", "LeaseReleased").isLost(SINCE)).isTrue();
  }

  @Test
  void anAgentThatIsNotReadyKeepsWhatItRuns() {
    var node = node("False", "AgentNotReady");

    assertThat(node.ready()).isFalse();
    assertThat(node.isLost(Instant.MAX)).isFalse();
  }

  @Test
  void anAgentWhosePodIsBeingDeletedIsDraining() {
    assertThat(node("True", "Draining").draining()).isTrue();
    assertThat(node("True", "LeaseRenewed").draining()).isFalse();
  }

  @Test
  void coresThatAnAgentDoesNotKnowAreNoLimit() {
    assertThat(node("True", "LeaseRenewed").hasRoom(Room.NONE, new Room(1, 64_000, 1))).isTrue();
  }
}
