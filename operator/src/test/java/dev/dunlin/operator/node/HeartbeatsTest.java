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

  /** Whether expired Leases say nothing, of nodes a and b that renewed theirs at those seconds. */
  private boolean isOutage(int a, int b) {
    long nanos = Duration.ofSeconds(seconds).toNanos();
    heartbeats.begin(Set.of("a", "b"), nanos);
    heartbeats.judge("a", beat("a", a), READY, false, nanos, WALL);
    heartbeats.judge("b", beat("b", b), READY, false, nanos, WALL);
    return heartbeats.isOutage(Set.of("a", "b"), Duration.ofSeconds(60), nanos);
  }

  @Test
  void agentsThatFallSilentTogetherAreBelievedForAWhile() {
    isOutage(0, 0);
    seconds = 2;
    isOutage(0, 2);
    seconds = 9;
    assertThat(isOutage(0, 2)).isTrue();
    seconds = 60;
    assertThat(isOutage(0, 2)).isTrue();
    seconds = 63;
    assertThat(isOutage(0, 2)).isFalse();
  }

  @Test
  void oneAgentOfTwoThatFallsSilentIsNoOutage() {
    isOutage(0, 0);
    seconds = 8;
    isOutage(0, 8);
    seconds = 9;

    assertThat(isOutage(0, 8)).isFalse();
  }

  @Test
  void theOnlyAgentThatFallsSilentIsNoOutage() {
    judge(beat("n", 0), READY);
    seconds = 9;
    judge(beat("n", 0), READY);

    assertThat(
            heartbeats.isOutage(
                Set.of("n"), Duration.ofSeconds(60), Duration.ofSeconds(seconds).toNanos()))
        .isFalse();
  }

  @Test
  void whenOneIsHeardAgainTheOthersHaveTheirTimeAnew() {
    isOutage(0, 0);
    seconds = 30;
    assertThat(isOutage(0, 0)).isTrue();
    seconds = 31;
    assertThat(isOutage(0, 31)).as("not judged in the same reading").isTrue();
    seconds = 32;
    assertThat(isOutage(0, 31)).isFalse();
    long at39 = Duration.ofSeconds(39).toNanos();
    heartbeats.begin(Set.of("a", "b"), at39);
    assertThat(heartbeats.judge("a", beat("a", 0), READY, false, at39, WALL))
        .hasValueSatisfying(it -> assertThat(it.isTrue()).isTrue());
    long at41 = Duration.ofSeconds(41).toNanos();
    heartbeats.begin(Set.of("a", "b"), at41);
    assertThat(heartbeats.judge("a", beat("a", 0), READY, false, at41, WALL))
        .hasValueSatisfying(it -> assertThat(it.isTrue()).isFalse());
  }

  @Test
  void theNextExpiryIsKnownBeforeItComes() {
    judge(beat("n", 0), READY);
    seconds = 5;
    long nanos = Duration.ofSeconds(seconds).toNanos();

    assertThat(heartbeats.untilNextExpiry(nanos)).contains(Duration.ofSeconds(3));
    assertThat(heartbeats.untilNextExpiry(Duration.ofSeconds(9).toNanos())).isEmpty();
  }
}
