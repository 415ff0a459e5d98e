package dev.dunlin.operator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.operator.node.AgentPods.Word;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Optional<Condition> LIVES =
      Optional.of(new Condition("Ready", Condition.TRUE, Reasons.LEASE_RENEWED, "", null, null));
  private static final Optional<Condition> EXPIRED =
      Optional.of(new Condition("Ready", Condition.FALSE, Reasons.LEASE_EXPIRED, "", null, null));

  private static String verdict(Optional<Condition> byLease, Word byPod) {
    return Verdict.of("n", byLease, byPod)
        .map(it -> it.status() + " " + it.reason())
        .orElse("open");
  }

  @Test
  void aPodThatIsNotReadySpeaksBeforeTheLeaseExpires() {
    assertThat(verdict(LIVES, Word.NOT_READY)).isEqualTo("False AgentNotReady");
    assertThat(verdict(LIVES, Word.GONE)).isEqualTo("False AgentGone");
    assertThat(verdict(Optional.empty(), Word.GONE)).isEqualTo("False AgentGone");
  }

  @Test
  void aPodThatIsBeingDeletedDrainsItsNode() {
    assertThat(verdict(LIVES, Word.LEAVING)).isEqualTo("True Draining");
  }

  @Test
  void aLeaseThatExpiresIsTheAgentsEndWhateverItsPodSays() {
    assertThat(verdict(EXPIRED, Word.READY)).isEqualTo("False LeaseExpired");
    assertThat(verdict(EXPIRED, Word.NOT_READY)).isEqualTo("False LeaseExpired");
    assertThat(verdict(EXPIRED, Word.LEAVING)).isEqualTo("False LeaseExpired");
  }

  @Test
  void withoutAPodOnlyTheLeaseCounts() {
    assertThat(verdict(LIVES, Word.NOTHING)).isEqualTo("True LeaseRenewed");
    assertThat(verdict(Optional.empty(), Word.NOTHING)).isEqualTo("open");
  }
}
