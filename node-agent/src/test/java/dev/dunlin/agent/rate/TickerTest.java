package dev.dunlin.agent.rate;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TickerTest {
  @Test
  void aTaskThatFailsOrFindsNoMemoryIsDoneAgain() {
    var times = new AtomicInteger();
    try (var ticker = new Ticker("test")) {
      ticker.every(Duration.ofMillis(1), () -> fail(times.incrementAndGet()));

      await().until(() -> times.get() >= 4);
    }
  }

  private static void fail(int time) {
    if (time % 2 == 0) {
      throw new OutOfMemoryError("of the test's own making");
    }
    throw new IllegalStateException("of the test's own making");
  }
}
