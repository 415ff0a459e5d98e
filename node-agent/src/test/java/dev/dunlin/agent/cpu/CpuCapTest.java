package dev.dunlin.agent.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CpuCapTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  private final AtomicReference<Duration> used = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<Duration> throttled = new AtomicReference<>(Duration.ZERO);
  private final CpuCap cap =
      CpuCap.of(100, used::get, more -> throttled.updateAndGet(before -> before.plus(more)));

  @Test
  void aRequestOfAnAppWithinItsLimitBeginsAtOnce() throws InterruptedException {
    assertThat(cap.await(0)).isTrue();
    cap.left();

    assertThat(throttled).hasValue(Duration.ZERO);
  }

  @Test
  void aRequestOfAnAppOverItsLimitWaitsUntilThatIsPaidAndIsCounted() throws InterruptedException {
    assertThat(cap.await(0)).isTrue();
    used.set(Duration.ofMillis(25)); // 10 are free, 15 are two periods
    cap.left();

    assertThat(cap.await(LONG)).isTrue();

    assertThat(throttled.get()).isPositive();
  }

  @Test
  void aRequestWhoseTimeIsOverDoesNotBegin() throws InterruptedException {
    assertThat(cap.await(0)).isTrue();
    used.set(Duration.ofHours(1));
    cap.left();

    assertThat(cap.await(1)).isFalse();
  }

  @Test
  void aWaitingRequestCanBeEnded() throws InterruptedException {
    assertThat(cap.await(0)).isTrue();
    used.set(Duration.ofHours(1));
    cap.left();
    var ended = new AtomicReference<Exception>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                cap.await(LONG);
              } catch (InterruptedException e) {
                ended.set(e);
              }
            });

    waiting.interrupt();

    await().until(() -> ended.get() != null);
  }
}
