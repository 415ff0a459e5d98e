package dev.dunlin.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AppWindowTest {
  private static final List<Double> BOUNDS = List.of(0.01, 0.1, 1.0);
  private static final Offset<Double> CLOSE = within(1e-9);

  private final AppWindow window = new AppWindow(Duration.ofSeconds(30));

  @BeforeEach
  void isOnTwoNodes() {
    window.placed(Set.of("n1", "n2"), Set.of(), 0);
  }

  @Test
  void aRateIsWhatCameInTheWindowByHowLongThatIs() {
    for (int second = 0; second <= 100; second += 5)
      read("n1", second, reading("r1", 100L * second, 0));

    var figures = figures(100);

    assertThat(figures.requestsPerSecond()).isCloseTo(100, CLOSE);
    assertThat(figures.window()).isEqualTo(Duration.ofSeconds(30));
    assertThat(figures.requests()).isEqualTo(3_000);
  }

  @Test
  void nodesAndRevisionsAddUp() {
    read("n1", 0, reading("r1", 0, 0));
    read("n2", 1, reading("r1", 50, 0), reading("r2", 0, 0));
    read("n1", 10, reading("r1", 100, 0));
    read("n2", 11, reading("r1", 150, 0), reading("r2", 20, 10));

    var figures = figures(11);

    assertThat(figures.requestsPerSecond()).isCloseTo(10 + 10 + 3, CLOSE);
    assertThat(figures.errorRatio()).hasValueCloseTo(10.0 / 230, CLOSE);
    assertThat(figures.concurrentRequests()).isEqualTo(3 * 2);
    assertThat(figures.memoryBytes()).isEqualTo(3 * 1_000);
  }

  @Test
  void aCounterThatFellBeganAnew() {
    read("n1", 0, reading("r1", 1_000, 0));
    read("n1", 5, reading("r1", 1_100, 0));
    read("n1", 10, reading("r1", 30, 0));

    assertThat(figures(10).requests()).isEqualTo(130);
  }

  @Test
  void aRevisionThatCameBetweenTwoReadingsHadCountedNothingBefore() {
    read("n1", 0);
    read("n1", 10, reading("r1", 40, 0));

    assertThat(figures(10).requestsPerSecond()).isCloseTo(4, CLOSE);
  }

  @Test
  void whatARevisionHasAnsweredIsKnownOnceEachNodeHasBeenReadSinceThen() {
    assertThat(window.since("r2", Instant.EPOCH, seconds(0)).known()).isFalse();
    read("n1", 10, reading("r2", 0, 0));
    read("n2", 4, reading("r2", 0, 0));
    assertThat(window.since("r2", Instant.EPOCH, seconds(5)).known()).isFalse();
    read("n2", 14, reading("r2", 5, 0));

    assertThat(window.since("r2", Instant.EPOCH, seconds(5)).known()).isTrue();
  }

  @Test
  void ofANodeThatIsReadForTheFirstTimeNothingIsKnownOfBefore() {
    read("n1", 10, reading("r1", 1_000_000, 0));

    var figures = figures(10);

    assertThat(figures.requestsPerSecond()).isZero();
    assertThat(figures.window()).isZero();
    assertThat(figures.concurrentRequests()).isEqualTo(2);
    assertThat(figures.errorRatio()).isEmpty();
    assertThat(figures.latencyP95Seconds()).isEmpty();
  }

  @Test
  void aRevisionThatIsGoneFadesFromTheRateAndHasNoRequestsNow() {
    read("n1", 0, reading("r1", 0, 0));
    read("n1", 10, reading("r1", 100, 0));
    read("n1", 20);
    assertThat(figures(20).requestsPerSecond()).isCloseTo(5, CLOSE);
    assertThat(figures(20).concurrentRequests()).isZero();

    read("n1", 41);

    assertThat(window.figures(seconds(41))).isEmpty();
  }

  @Test
  void aNodeThatIsSilentForAWindowCountsForNothing() {
    read("n1", 0, reading("r1", 0, 0));
    read("n2", 0, reading("r1", 0, 0));
    read("n1", 10, reading("r1", 100, 0));
    read("n2", 40, reading("r1", 100, 0));

    window.forgetSilent(seconds(40));

    assertThat(figures(40).requestsPerSecond()).isCloseTo(2.5, CLOSE);
    assertThat(figures(45).age()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void oneRevisionIsCountedFromATimeOn() {
    read("n1", 0, reading("r1", 0, 0), reading("r2", 0, 0));
    read("n1", 10, reading("r1", 100, 0), reading("r2", 10, 5));
    read("n1", 20, reading("r1", 200, 0), reading("r2", 30, 7));

    var sinceTen = window.since("r2", Instant.EPOCH, seconds(10));

    assertThat(sinceTen.requests()).isEqualTo(20 + 2);
    assertThat(sinceTen.errors()).isEqualTo(2);
    assertThat(sinceTen.latencyP95Seconds()).hasValueCloseTo(0.0095, CLOSE);
  }

  @Test
  void whatIsCountedFromATimeOnIsKeptLongerThanTheWindow() {
    read("n1", 0, reading("r2", 0, 0));
    assertThat(window.since("r2", Instant.EPOCH, seconds(0)).requests()).isZero();

    for (int second = 5; second <= 600; second += 5)
      read("n1", second, reading("r2", 2L * second, second));

    var sinceZero = window.since("r2", Instant.EPOCH, seconds(0));
    assertThat(sinceZero.requests()).isEqualTo(1_800);
    assertThat(sinceZero.errors()).isEqualTo(600);
    var sinceNow = window.since("r2", Instant.EPOCH.plusSeconds(600), seconds(600));
    assertThat(sinceNow.requests()).as("another time is another question").isZero();
  }

  @Test
  void aNodeThatTheAppCameToHadCountedNothingBefore() {
    for (int second = 0; second <= 60; second += 5) {
      window.placed(Set.of("n1", "n2"), Set.of(), seconds(second));
      read("n1", second, reading("r1", 0, 0));
    }
    window.placed(Set.of("n1", "n2", "n3", "n4"), Set.of("n3"), seconds(65));

    read("n3", 65, reading("r1", 90, 0));
    read("n4", 65, reading("r1", 1_000_000, 0));

    assertThat(figures(65).requests()).as("nothing is known of n4's past").isEqualTo(90);
    assertThat(figures(65).requestsPerSecond())
        .as("spread over the window in which it had none")
        .isCloseTo(3, CLOSE);
  }

  @Test
  void anAppThatMovesHasNoMoreRequestsByThat() {
    for (int second = 0; second <= 60; second += 5)
      read("n1", second, reading("r1", 100L * second, 0));
    window.placed(Set.of("n1"), Set.of(), seconds(60));
    window.placed(Set.of("n3"), Set.of("n3"), seconds(60));

    for (int second = 65; second <= 100; second += 5) {
      window.placed(Set.of("n3"), Set.of(), seconds(second));
      read("n3", second, reading("r1", 100L * (second - 60), 0));
      assertThat(figures(second).requestsPerSecond())
          .as("after %d s", second - 60)
          .isCloseTo(100, CLOSE);
      assertThat(figures(second).concurrentRequests()).isEqualTo(2);
    }
    assertThat(figures(100).nodes()).isEqualTo(1);
  }

  @Test
  void aNodeThatTheAppHasLeftIsNotHeardAnyMore() {
    read("n1", 0, reading("r1", 0, 0));
    window.placed(Set.of("n2"), Set.of(), seconds(5));

    read("n1", 6, reading("r1", 1_000, 0));

    assertThat(figures(6).requests()).isZero();
    assertThat(figures(6).silent()).isEqualTo(1);
  }

  @Test
  void agentsThatCountByOtherBoundsAreCountedTogether() {
    read("n1", 0, reading("r1", 0, 0));
    window.add("n2", 0, List.of(other(0, 0, 0)), List.of(0.05, 0.5));
    read("n1", 10, reading("r1", 100, 0));

    window.add("n2", seconds(10), List.of(other(0, 7, 3)), List.of(0.05, 0.5));

    assertThat(Latency.onto(BOUNDS, List.of(0.05, 0.5), List.of(1L, 7L, 3L)))
        .containsExactly(0L, 1L, 7L, 3L);
    assertThat(figures(10).requests()).isEqualTo(110);
    assertThat(figures(10).latencyP95Seconds()).isPresent();
  }

  private static Reading other(long fast, long slow, long slowest) {
    return reading("r1", fast + slow + slowest, 0).withLatency(List.of(fast, slow, slowest));
  }

  @Test
  void theLatencyIsSpreadEvenlyWithinABucket() {
    assertThat(Latency.quantile(0.95, BOUNDS, List.of(90L, 10L, 0L, 0L)))
        .hasValueCloseTo(0.01 + 0.09 * 0.5, CLOSE);
    assertThat(Latency.quantile(0.5, BOUNDS, List.of(100L, 0L, 0L, 0L)))
        .hasValueCloseTo(0.005, CLOSE);
    assertThat(Latency.quantile(0.95, BOUNDS, List.of(0L, 0L, 0L, 3L))).hasValueCloseTo(1.0, CLOSE);
    assertThat(Latency.quantile(0.95, BOUNDS, List.of(0L, 0L, 0L, 0L))).isEmpty();
  }

  private Figures figures(int second) {
    return window.figures(seconds(second)).orElseThrow();
  }

  private void read(String node, int second, Reading... readings) {
    window.add(node, seconds(second), List.of(readings), BOUNDS);
  }

  private static long seconds(int second) {
    return Duration.ofSeconds(second).toNanos();
  }

  /** Of {@code good} answers 200 and {@code bad} 500, of 10 ms each; 2 in flight, 1,000 bytes. */
  private static Reading reading(String revision, long good, long bad) {
    return new Reading(
        "ns",
        "shop",
        revision,
        List.of(0L, good, 0L, 0L, bad),
        List.of(good + bad, 0L, 0L, 0L),
        0,
        2,
        0,
        good / 1_000.0,
        1_000,
        1);
  }
}
