package dev.dunlin.operator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.operator.node.Heartbeats.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
  private static final Instant WALL = Instant.parse("2026-01-01T12:00:00Z");
  private static final Condition READY = condition(Condition.TRUE);
  private static final Condition NOT_READY = condition(Condition.FALSE);

  private final Heartbeats heartbeats = new Heartbeats();
  private long seconds;

  private static Condition condition(String status) {
    return new Condition("Ready", status, "", "", null, null);
  }

  private static Beat beat(String holder, int renewedAt) {
    return new Beat(holder, WALL.plusSeconds(renewedAt), Duration.ofSeconds(8));
  }

  private Optional<String> judge(@Nullable Beat beat, @Nullable Condition before) {
    return judge(beat, before, false);
  }

  private Optional<String> judge(
      @Nullable Beat beat, @Nullable Condition before, boolean draining) {
    long nanos = Duration.ofSeconds(seconds).toNanos();
    heartbeats.begin(Set.of("n"), nanos);
    return heartbeats
        .judge("n", beat, before, draining, nanos, WALL)
        .map(it -> it.status() + " " + it.reason());
  }

  @Test
  void aNewNodeIsReadyAtFirstSight() {
    assertThat(judge(beat("n", -1), null)).contains("True LeaseRenewed");
  }

  @Test
  void anOldLeaseOfANewNodeIsNotTrusted() {
    assertThat(judge(beat("n", -3600), null)).isEmpty();
    seconds = 9;
    assertThat(judge(beat("n", -3600), null)).contains("False LeaseExpired");
  }

  @Test
  void aNodeStaysReadyUntilItsLeaseHasNotChangedForItsDuration() {
    judge(beat("n", 0), READY);
    seconds = 8;
    assertThat(judge(beat("n", 0), READY)).contains("True LeaseRenewed");
    seconds = 9;
    assertThat(judge(beat("n", 0), READY)).contains("False LeaseExpired");
  }

  @Test
  void theAgentsClockDoesNotMatter() {
    judge(beat("n", -100000), READY);
    seconds = 7;
    judge(beat("n", -99998), READY);
    seconds = 14;
    assertThat(judge(beat("n", -99998), READY)).contains("True LeaseRenewed");
  }

  @Test
  void aNodeThatIsBackIsReadyWithTheFirstRenewal() {
    judge(beat("n", 0), NOT_READY);
    assertThat(judge(beat("n", 0), NOT_READY)).isEmpty();
    seconds = 2;
    assertThat(judge(beat("n", 2), NOT_READY)).contains("True LeaseRenewed");
  }

  @Test
  void aRestartedOperatorNeitherFailsNorClearsANodeBeforeItKnows() {
    assertThat(judge(beat("n", -3600), READY)).contains("True LeaseRenewed");
    assertThat(judge(beat("n", -3600), NOT_READY)).isEmpty();
  }

  @Test
  void anAgentThatGaveItsLeaseBackIsGoneAtOnce() {
    judge(beat("n", 0), READY);
    seconds = 1;
    assertThat(judge(beat("", 1), READY)).contains("False LeaseReleased");
  }

  @Test
  void silenceWhileNothingCouldBeReadCountsAgainstNobody() {
    judge(beat("n", 0), READY);
    seconds = 30;
    heartbeats.interrupted();
    assertThat(judge(beat("n", 0), READY)).contains("True LeaseRenewed");
    seconds = 37;
    assertThat(judge(beat("n", 0), READY)).contains("True LeaseRenewed");
    seconds = 39;
    assertThat(judge(beat("n", 0), READY)).contains("False LeaseExpired");
  }

  @Test
  void aNodeWithoutALeaseGetsTheDefaultTime() {
    assertThat(judge(null, null)).isEmpty();
    seconds = 9;
    assertThat(judge(null, null)).contains("False LeaseExpired");
  }

  @Test
  void anAgentThatShutsDownLivesAndSaysSo() {
    assertThat(judge(beat("n", 0), READY, true)).contains("True Draining");
  }
}
