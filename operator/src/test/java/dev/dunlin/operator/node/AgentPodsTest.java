package dev.dunlin.operator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.operator.node.AgentPods.Word;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgentPodsTest {
  private final AgentPods pods = new AgentPods();
  private int heard;

  private static Pod pod(boolean ready, boolean leaving) {
    return pod("p", ready, leaving);
  }

  private static Pod pod(String name, boolean ready, boolean leaving) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withDeletionTimestamp(leaving ? "2026-01-01T00:00:00Z" : null)
        .endMetadata()
        .withNewSpec()
        .withNodeName("n")
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "False")
        .endCondition()
        .endStatus()
        .build();
  }

  /** What is said at that second, with a slack of one and a patience of three. */
  private Word word(int second, Pod... there) {
    pods.observe(Stream.of(there), nanos(second));
    return pods.of("n", nanos(heard), Duration.ofSeconds(1), Duration.ofSeconds(3), nanos(second));
  }

  private static long nanos(int second) {
    return Duration.ofSeconds(second).toNanos();
  }

  @Test
  void aPodsReadyConditionIsItsWord() {
    assertThat(word(0, pod(true, false))).isEqualTo(Word.READY);
    assertThat(word(1, pod(false, false))).isEqualTo(Word.NOT_READY);
    assertThat(word(2, pod(true, true))).isEqualTo(Word.LEAVING);
    assertThat(word(3, pod(false, true))).isEqualTo(Word.NOT_READY);
  }

  @Test
  void aPodThatHasNoNodeYetSaysNothing() {
    assertThat(word(0, new PodBuilder().withNewSpec().endSpec().build())).isEqualTo(Word.NOTHING);
  }

  @Test
  void aNodeThatNeverHadAPodHasNoWord() {
    assertThat(word(0)).isEqualTo(Word.NOTHING);
  }

  @Test
  void duringAnUpdateTheBetterOfTwoPodsSpeaks() {
    assertThat(word(0, pod(false, false), pod(true, true))).isEqualTo(Word.LEAVING);
    assertThat(word(1, pod(true, true), pod(true, false))).isEqualTo(Word.READY);
  }

  @Test
  void agentsThatAreCalledAsTheirPodsHaveAWordEach() {
    pods.observe(Stream.of(pod("old", true, true), pod("new", true, false)), nanos(0));

    assertThat(of("old")).isEqualTo(Word.LEAVING);
    assertThat(of("new")).isEqualTo(Word.READY);
    pods.observe(Stream.of(pod("new", true, false)), nanos(1));
    assertThat(of("old")).isEqualTo(Word.GONE);
    pods.observe(Stream.of(pod("new", true, false)), nanos(3602));
    assertThat(of("old")).as("it is forgotten").isEqualTo(Word.NOTHING);
  }

  private Word of(String agent) {
    return pods.of(agent, 0, Duration.ofSeconds(1), Duration.ofSeconds(3), nanos(0));
  }

  @Test
  void aPodThatWasThereAndIsNoMoreIsGoneUntilThereIsAnother() {
    word(0, pod(true, false));

    assertThat(word(1)).isEqualTo(Word.GONE);
    assertThat(word(60)).isEqualTo(Word.GONE);
    assertThat(word(61, pod(true, false))).isEqualTo(Word.READY);
  }

  @Test
  void anAgentThatIsHeardOfWellAfterItsPodWentLivesWithoutOne() {
    word(0, pod(true, false));
    word(10);
    heard = 11;

    assertThat(word(11)).as("it may have been its last sign of life").isEqualTo(Word.GONE);
    heard = 12;
    assertThat(word(12)).isEqualTo(Word.NOTHING);
  }

  @Test
  void anAgentThatIsNotReadyAndNotHeardOfIsGoneSoon() {
    word(0, pod(true, false));
    word(10, pod(false, false));
    heard = 11;

    assertThat(word(12, pod(false, false))).isEqualTo(Word.NOT_READY);
    assertThat(word(13, pod(false, false))).isEqualTo(Word.GONE);
  }

  @Test
  void anAgentThatIsNotReadyAndStillHeardOfKeepsWhatItRuns() {
    word(0, pod(true, false));
    word(10, pod(false, false));
    heard = 12;

    assertThat(word(60, pod(false, false))).isEqualTo(Word.NOT_READY);
  }
}
