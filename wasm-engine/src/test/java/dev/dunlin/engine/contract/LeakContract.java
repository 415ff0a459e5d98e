package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Stdio;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand runs leave nothing behind. */
public abstract class LeakContract extends EngineContract {
  private static final int RUNS = 10_000;
  private static final long SLACK_BYTES = 16L << 20;

  @Test
  @Timeout(300)
  void threadsAndHeapReturnToWhereTheyBegan() throws Exception {
    var limits = Limits.defaults().withDeadline(Duration.ofMinutes(10));
    for (int i = 0; i < 100; i++) {
      assertThat(shared("table-size").run(Grants.none(), limits, Stdio.none()))
          .isEqualTo(new Exited(3));
    }
    int threads = Thread.activeCount();
    long heap = heapInUse();

    for (int i = 0; i < RUNS; i++) {
      shared("table-size").run(Grants.none(), limits, Stdio.none());
    }

    await()
        .pollInSameThread() // a thread of its own would be one too many
        .untilAsserted(() -> assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads));
    await().untilAsserted(() -> assertThat(heapInUse()).isLessThan(heap + SLACK_BYTES));
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
