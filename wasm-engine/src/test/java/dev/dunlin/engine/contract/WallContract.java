package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome.Cancelled;
import dev.dunlin.engine.Outcome.CpuTimeExceeded;
import dev.dunlin.engine.Outcome.DeadlineExceeded;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Pace;
import dev.dunlin.engine.PacedOutput;
import dev.dunlin.engine.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A guest is ended in the middle of whatever it does. A test that hangs has failed. */
@Timeout(60)
public abstract class WallContract extends EngineContract {
  private static final Duration SOON = Duration.ofMillis(200);

  static Stream<Stuck> busy() {
    return Stream.of(Stuck.values()).filter(Stuck::busy);
  }

  private Execution start(Stuck stuck, Limits limits) throws InterruptedException {
    var begun = new CountDownLatch(1);
    var out = Stuck.output(begun);
    var execution =
        shared("stuck").start(Grants.none(), limits, new Stdio(stuck.input(), out, out));
    var _ = execution.ended().thenRun(begun::countDown); // a deadline may come before the dot
    begun.await();
    return execution;
  }

  @ParameterizedTest
  @EnumSource
  void aCancelEndsIt(Stuck stuck) throws Exception {
    try (var execution = start(stuck, Limits.defaults())) {
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Cancelled());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theDeadlineEndsIt(Stuck stuck) throws Exception {
    try (var execution = start(stuck, Limits.defaults().withDeadline(SOON))) {
      assertThat(execution.outcome()).isEqualTo(new DeadlineExceeded(SOON));
    }
  }

  @ParameterizedTest
  @MethodSource("busy")
  void theLimitOfCpuTimeEndsIt(Stuck stuck) throws Exception {
    try (var execution = start(stuck, Limits.defaults().withCpuTime(SOON))) {
      assertThat(execution.outcome()).isEqualTo(new CpuTimeExceeded(SOON));
      assertThat(execution.usage().cpu()).isGreaterThanOrEqualTo(SOON);
    }
  }

  @Test
  void waitingCostsNoCpuTime() throws Exception {
    var ran =
        run(
            "tool",
            command("sleep", "1500"),
            Limits.defaults().withCpuTime(Duration.ofSeconds(1)),
            InputStream.nullInputStream());

    assertThat(ran.outcome()).isEqualTo(new Exited(0));
  }

  @Test
  void cpuTimeIsToldWhileAGuestRuns() throws Exception {
    try (var execution = start(Stuck.ENDLESS_LOOP, Limits.defaults())) {
      await().until(() -> execution.usage().cpu().compareTo(SOON) > 0);
    }
  }

  @Test
  void aGuestThatIsEndedLeavesItsNeighbourAlone() throws Exception {
    try (var busy = start(Stuck.ENDLESS_LOOP, Limits.defaults());
        var waiting = start(Stuck.A_READ, Limits.defaults())) {
      for (var stuck : Stuck.values()) {
        start(stuck, Limits.defaults()).close();
      }

      assertThat(busy.ended().toCompletableFuture()).isNotDone();
      assertThat(waiting.ended().toCompletableFuture()).isNotDone();
      assertThat(tool("exit", "7").outcome()).isEqualTo(new Exited(7));
    }
  }

  @Test
  void anOutputRateHoldsTheGuestBackAndACancelEndsIt() throws Exception {
    var written = new ByteArrayOutputStream();
    var paced = new PacedOutput(written, new Pace(1, 5000));
    try (var module = load("flood");
        var execution =
            module.start(
                Grants.none(),
                Limits.defaults(),
                new Stdio(InputStream.nullInputStream(), paced, paced))) {
      await().until(() -> written.size() >= 4096);
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Cancelled());
      assertThat(written.size()).isLessThan(8192);
    }
  }
}
