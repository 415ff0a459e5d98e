package dev.dunlin.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbingTest {
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ProbeRounds rounds = new ProbeRounds(workers);
  private final List<ProbeNews> news = new CopyOnWriteArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void close() {
    rounds.close();
    workers.shutdownNow();
  }

  @Test
  void aRunWithAGoodReadinessProbeIsReady() {
    try (var _ = begin(probe -> ProbeResult.GOOD)) {
      await().until(() -> news.equals(List.of(new ProbeNews.Ready())));
    }
  }

  @Test
  void aProbeThatTakesTooLongIsBadAndItsThreadIsInterrupted() {
    var interrupted = new CountDownLatch(1);
    try (var _ =
        begin(probe -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return ProbeResult.GOOD; // too late
        })) {
      await().until(() -> news.stream().anyMatch(ProbeNews.Unready.class::isInstance));

      await().until(() -> interrupted.getCount() == 0);
      assertThat(news).doesNotContain(new ProbeNews.Ready());
    }
  }

  @Test
  void aProbeThatCannotBeInterruptedIsNotAskedASecondTimeBesideItself() {
    var asked = new AtomicInteger();
    var released = new CountDownLatch(1);
    try (var _ =
        begin(probe -> {
          asked.incrementAndGet();
          awaitStubbornly(released);
          return ProbeResult.GOOD;
        })) {
      await().until(() -> news.size() > 3); // bad again and again
      assertThat(asked).hasValue(1);

      released.countDown();

      await().until(() -> news.contains(new ProbeNews.Ready()));
    }
  }

  @Test
  void stuckProbesDoNotKeepOthersFromBeingAsked() {
    List<Probing> stuck = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      stuck.add(
          begin(probe -> {
            never.await();
            return ProbeResult.GOOD;
          }));
    }

    try (var _ = begin(probe -> ProbeResult.GOOD)) {
      await().until(() -> news.contains(new ProbeNews.Ready()));
    }
    stuck.forEach(Probing::close);
  }

  @Test
  void whatIsClosedTellsNothingAnyMore() {
    var asked = new CountDownLatch(1);
    var given = new CountDownLatch(1);
    var probing =
        begin(probe -> {
          asked.countDown();
          try {
            never.await();
          } finally {
            given.countDown();
          }
          return ProbeResult.GOOD;
        });
    await().until(() -> asked.getCount() == 0);

    probing.close();

    await().until(() -> given.getCount() == 0);
    assertThat(news).isEmpty();
  }

  @Test
  void aFaultOfTheAgentIsNoFaultOfTheApp() {
    var asked = new AtomicInteger();
    try (var _ =
        begin(probe -> {
          if (asked.incrementAndGet() == 1) {
            throw new IllegalStateException("the engine is closed");
          }
          return ProbeResult.GOOD;
        })) {
      await().until(() -> !news.isEmpty());
      assertThat(news).containsExactly(new ProbeNews.Ready());
    }
  }

  private Probing begin(Asking asking) {
    var probe = new Probe(null, null, 0, 1, 1, 1, 1, null);
    var probing =
        Probing.of(new Probes(Map.of(ProbeKind.READINESS, probe)), asking, rounds, news::add);
    probing.begin();
    return probing;
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
