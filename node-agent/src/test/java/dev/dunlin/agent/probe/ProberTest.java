package dev.dunlin.agent.probe;

import static dev.dunlin.agent.probe.ProbeKind.LIVENESS;
import static dev.dunlin.agent.probe.ProbeKind.READINESS;
import static dev.dunlin.agent.probe.ProbeKind.STARTUP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Walks kubelet's prober: who is asked when, and what the answers bring about. */
class ProberTest {
  private static final ProbeResult BAD = new ProbeResult.Bad("503");
  private static final ProbeNews UNHEALTHY_READINESS = new ProbeNews.Unhealthy(READINESS, "503");

  private final List<ProbeNews> news = new ArrayList<>();

  @Test
  void withoutProbesARunIsReadyAtOnceAndNobodyIsAsked() {
    Prober prober = Prober.of(Probes.NONE, 0, 0);

    assertThat(prober.ready()).isTrue();
    assertThat(prober.nextNanos()).isEmpty();
  }

  @Test
  void whatHasOnlyALivenessProbeIsReadyAtOnce() {
    assertThat(of(Map.of(LIVENESS, probe(0, 10, 1, 3))).ready()).isTrue();
  }

  @Test
  void theFirstProbeComesAfterItsDelayAndTheOthersEachPeriodLater() {
    Walk walk = new Walk(Map.of(READINESS, probe(5, 10, 1, 3)));

    assertThat(walk.askedAt(4)).isEmpty();
    assertThat(walk.askedAt(5)).containsExactly(READINESS);
    walk.answer(READINESS, ProbeResult.GOOD);
    assertThat(walk.askedAt(14)).isEmpty();
    assertThat(walk.askedAt(15)).containsExactly(READINESS);
  }

  @Test
  void aFirstLivenessProbeComesLaterByTheDelayThatKeepsInstancesOutOfStep() {
    Prober prober = Prober.of(new Probes(Map.of(LIVENESS, probe(5, 10, 1, 3))), 0, seconds(7));

    assertThat(prober.nextNanos()).hasValue(seconds(12));
  }

  @Test
  void aProbeThatIsOnItsWayIsNotAskedASecondTimeAndAsSoonAsItIsBackIfItWasSlow() {
    Walk walk = new Walk(Map.of(READINESS, probe(0, 10, 1, 3)));
    assertThat(walk.askedAt(0)).containsExactly(READINESS);

    assertThat(walk.askedAt(25)).isEmpty();
    walk.answer(READINESS, ProbeResult.GOOD);

    assertThat(walk.askedAt(25)).containsExactly(READINESS);
  }

  @Test
  void itIsReadyAfterSuccessThresholdGoodAnswersInARow() {
    Walk walk = new Walk(Map.of(READINESS, probe(0, 10, 3, 3)));

    walk.hear(READINESS, ProbeResult.GOOD, ProbeResult.GOOD, BAD);
    walk.hear(READINESS, ProbeResult.GOOD, ProbeResult.GOOD);
    assertThat(walk.prober.ready()).isFalse();
    assertThat(news).containsExactly(UNHEALTHY_READINESS);
    walk.hear(READINESS, ProbeResult.GOOD);

    assertThat(walk.prober.ready()).isTrue();
    assertThat(news).endsWith(new ProbeNews.Ready());
  }

  @Test
  void itIsOutOfTrafficAfterFailureThresholdBadAnswersInARowAndComesBack() {
    Walk walk = new Walk(Map.of(READINESS, probe(0, 10, 1, 3)));
    walk.hear(READINESS, ProbeResult.GOOD);
    news.clear();

    walk.hear(READINESS, BAD, BAD);
    assertThat(walk.prober.ready()).isTrue();
    assertThat(news).containsExactly(UNHEALTHY_READINESS, UNHEALTHY_READINESS);
    walk.hear(READINESS, BAD);
    assertThat(walk.prober.ready()).isFalse();
    assertThat(news).endsWith(UNHEALTHY_READINESS, new ProbeNews.Unready("503"));
    walk.hear(READINESS, ProbeResult.GOOD);

    assertThat(walk.prober.ready()).isTrue();
    assertThat(news).endsWith(new ProbeNews.Ready());
  }

  @Test
  void whatNeverTurnsReadyIsCalledSoOnceAndAskedOn() {
    Walk walk = new Walk(Map.of(READINESS, probe(0, 10, 1, 2)));

    walk.hear(READINESS, BAD, BAD, BAD, BAD);

    assertThat(news).filteredOn(new ProbeNews.Unready("503")::equals).hasSize(1);
    assertThat(news).filteredOn(UNHEALTHY_READINESS::equals).hasSize(4);
    assertThat(walk.prober.nextNanos()).isPresent();
  }

  @Test
  void aBadLivenessEndsTheRunAfterItsThresholdWithItsOwnGraceAndNothingIsAskedAnyMore() {
    Walk walk = new Walk(Map.of(LIVENESS, probe(0, 10, 1, 2, 7), READINESS, probe(0, 10, 1, 3)));

    walk.hear(LIVENESS, BAD, ProbeResult.GOOD, BAD);
    assertThat(news).doesNotContain(kill(LIVENESS, 7));
    walk.hear(LIVENESS, BAD);

    assertThat(news).endsWith(kill(LIVENESS, 7));
    assertThat(walk.prober.nextNanos()).isEmpty();
  }

  @Test
  void theOthersWaitForTheStartupProbe() {
    Walk walk =
        new Walk(
            Map.of(
                STARTUP, probe(0, 10, 1, 30),
                READINESS, probe(0, 10, 1, 3),
                LIVENESS, probe(0, 10, 1, 3)));

    walk.hear(STARTUP, BAD, BAD);
    assertThat(walk.prober.ready()).isFalse();
    assertThat(walk.askedAt(39)).containsExactly(STARTUP);
    walk.answer(STARTUP, ProbeResult.GOOD);

    assertThat(walk.askedAt(39)).containsExactly(READINESS); // at once
    assertThat(walk.askedAt(40)).containsExactly(LIVENESS); // at its next time
    walk.answer(READINESS, ProbeResult.GOOD);
    assertThat(news).endsWith(new ProbeNews.Ready());
    walk.answer(LIVENESS, ProbeResult.GOOD);
    assertThat(walk.askedAt(1_000)).containsExactlyInAnyOrder(READINESS, LIVENESS);
  }

  @Test
  void whatHasNoReadinessProbeIsReadyOnceItHasStarted() {
    Walk walk = new Walk(Map.of(STARTUP, probe(0, 10, 5, 3)));
    assertThat(walk.prober.ready()).isFalse();

    walk.hear(STARTUP, ProbeResult.GOOD); // its successThreshold can only be 1

    assertThat(walk.prober.ready()).isTrue();
    assertThat(news).containsExactly(new ProbeNews.Ready());
    assertThat(walk.prober.nextNanos()).isEmpty();
  }

  @Test
  void whatDoesNotStartIsEnded() {
    Walk walk = new Walk(Map.of(STARTUP, probe(0, 10, 1, 3)));

    walk.hear(STARTUP, BAD, BAD, BAD);

    assertThat(news)
        .endsWith(new ProbeNews.Kill(STARTUP, "503", Optional.empty()))
        .doesNotContain(new ProbeNews.Ready());
  }

  @Test
  void whatTheAgentCouldNotAskCountsForNothing() {
    Walk walk = new Walk(Map.of(LIVENESS, probe(0, 10, 1, 2)));

    walk.hear(LIVENESS, BAD, new ProbeResult.Unknown("no memory"), new ProbeResult.Unknown("no"));

    assertThat(news).containsExactly(new ProbeNews.Unhealthy(LIVENESS, "503"));
    walk.hear(LIVENESS, BAD);
    assertThat(news).endsWith(new ProbeNews.Kill(LIVENESS, "503", Optional.empty()));
  }

  @Test
  void onceTheInstanceIsDeletedOnlyReadinessIsAskedOn() {
    Walk walk = new Walk(Map.of(READINESS, probe(0, 10, 1, 1), LIVENESS, probe(0, 10, 1, 1)));
    assertThat(walk.askedAt(0)).containsExactlyInAnyOrder(READINESS, LIVENESS);

    walk.prober = walk.prober.terminate();
    walk.answer(LIVENESS, BAD); // was on its way
    walk.answer(READINESS, ProbeResult.GOOD);

    assertThat(news).containsExactly(new ProbeNews.Ready());
    assertThat(walk.askedAt(10)).containsExactly(READINESS);
    walk.answer(READINESS, BAD);
    assertThat(news).endsWith(new ProbeNews.Unready("503"));
  }

  @Test
  void whatNeverStartedIsNotAskedAnyMoreOnceItIsDeleted() {
    Walk walk = new Walk(Map.of(STARTUP, probe(0, 10, 1, 3), READINESS, probe(0, 10, 1, 3)));

    walk.prober = walk.prober.terminate();

    assertThat(walk.prober.nextNanos()).isEmpty();
  }

  @Test
  void anAnswerThatNobodyWaitsForChangesNothing() {
    Prober prober = of(Map.of(LIVENESS, probe(0, 10, 1, 1)));

    assertThat(prober.after(LIVENESS, BAD, 0)).isEqualTo(new Prober.Step(prober, List.of()));
    assertThat(prober.after(STARTUP, BAD, 0).news()).isEmpty();
  }

  private static ProbeNews kill(ProbeKind kind, int graceSeconds) {
    return new ProbeNews.Kill(kind, "503", Optional.of(Duration.ofSeconds(graceSeconds)));
  }

  private static Prober of(Map<ProbeKind, Probe> probes) {
    return Prober.of(new Probes(probes), 0, 0);
  }

  private static Probe probe(int delay, int period, int success, int failure) {
    return probe(delay, period, success, failure, null);
  }

  private static Probe probe(
      int delay, int period, int success, int failure, @Nullable Integer grace) {
    return new Probe(null, null, delay, period, 1, success, failure, grace);
  }

  private static long seconds(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  /** A run that begins at second 0. */
  private final class Walk {
    private Prober prober;
    private int now;

    Walk(Map<ProbeKind, Probe> probes) {
      prober = of(probes);
    }

    List<ProbeKind> askedAt(int second) {
      now = second;
      Prober.Tick tick = prober.tick(seconds(second));
      prober = tick.prober();
      return tick.ask();
    }

    void answer(ProbeKind kind, ProbeResult result) {
      Prober.Step step = prober.after(kind, result, seconds(now));
      prober = step.prober();
      news.addAll(step.news());
    }

    /** Asks a kind each time it is due, and answers at once; the others answer well. */
    void hear(ProbeKind kind, ProbeResult... results) {
      for (ProbeResult result : results) {
        boolean heard = false;
        while (!heard) {
          now = (int) TimeUnit.NANOSECONDS.toSeconds(prober.nextNanos().orElseThrow());
          for (ProbeKind asked : askedAt(now)) {
            heard |= asked == kind;
            answer(asked, asked == kind ? result : ProbeResult.GOOD);
          }
        }
      }
    }
  }
}
