package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Outcome.Cancelled;
import dev.dunlin.engine.Outcome.DeadlineExceeded;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Outcome.OutOfMemory;
import dev.dunlin.engine.Outcome.TrapKind;
import dev.dunlin.engine.Outcome.Trapped;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walls: deadlines, cancellation, memory. A test that hangs has failed. */
@Timeout(60)
public abstract class EndContract extends EngineContract {
  private static final Duration SOON = Duration.ofMillis(100);

  @ParameterizedTest
  @ValueSource(
      strings = {"loop", "start-loop", "recurse-for-ever", "sleep", "random-for-ever", "flood"})
  void theDeadlineEndsWhateverTheGuestDoes(String guest) throws Exception {
    var ran =
        run(
            guest,
            Grants.none(),
            Limits.defaults().withDeadline(SOON),
            InputStream.nullInputStream());

    assertThat(ran.outcome()).isEqualTo(new DeadlineExceeded(SOON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"loop", "start-loop", "recurse-for-ever", "sleep", "random-for-ever", "flood"})
  void cancelEndsWhateverTheGuestDoes(String guest) throws Exception {
    try (var module = load(guest);
        var execution = module.start(Grants.none(), Limits.defaults(), Stdio.none())) {
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Cancelled());
    }
  }

  @Test
  void recursionWithoutEndOverflowsTheStack() throws Exception {
    var callsItself = ModuleBytes.command(List.of(ModuleBytes.hex("001000")));

    try (var module = engine.load(callsItself)) {
      assertThat(module.run(Grants.none(), Limits.defaults(), Stdio.none()))
          .isInstanceOfSatisfying(
              Trapped.class,
              trapped -> assertThat(trapped.kind()).isEqualTo(TrapKind.STACK_OVERFLOW));
    }
  }

  /** Tail calls need no stack: nothing but the engine can end them. */
  @Test
  void tailCallsWithoutEndAreRefusedOrCanBeCancelled() throws Exception {
    var callsItself = ModuleBytes.command(List.of(ModuleBytes.hex("001200")));

    try (var module = engine.load(callsItself);
        var execution = module.start(Grants.none(), Limits.defaults(), Stdio.none())) {
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Cancelled());
    } catch (ModuleRefusedException e) {
      assertThat(e).hasMessageContaining("tail calls");
    }
  }

  @Test
  void cancelEndsAReadThatWaits() throws Exception {
    var asked = new CountDownLatch(1);
    var in = new SilentStream(asked);
    try (var module = load("tool");
        var execution =
            module.start(
                command("cat"),
                Limits.defaults(),
                new Stdio(in, OutputStream.nullOutputStream(), OutputStream.nullOutputStream()))) {
      asked.await();
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Cancelled());
    }
  }

  @Test
  void cancelEndsAWriteThatNobodyReads() throws Exception {
    var source = new PipedInputStream();
    try (var module = load("flood");
        var out = new PipedOutputStream(source);
        var execution =
            module.start(
                Grants.none(),
                Limits.defaults(),
                new Stdio(InputStream.nullInputStream(), out, out))) {
      await().until(() -> source.available() >= 1024);
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Cancelled());
    }
  }

  @Test
  void anEndedRunStaysAsItEnded() throws Exception {
    try (var module = load("tool");
        var execution = module.start(command("exit", "3"), Limits.defaults(), Stdio.none())) {
      execution.outcome();
      execution.cancel();

      assertThat(execution.outcome()).isEqualTo(new Exited(3));
      assertThat(execution.ended().toCompletableFuture()).isCompletedWithValue(new Exited(3));
    }
  }

  @Test
  void anInterruptOfTheWaiterDoesNotEndTheRun() throws Exception {
    try (var module = load("sleep");
        var execution = module.start(Grants.none(), Limits.defaults(), Stdio.none())) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(execution::outcome).isInstanceOf(InterruptedException.class);
      assertThat(execution.ended().toCompletableFuture()).isNotDone();
    }
  }

  @Test
  void closingTheEngineEndsWhatStillRuns() throws Exception {
    Execution execution;
    Module module;
    try (var own = open(temp)) {
      module = own.load(guest("loop"));
      execution = module.start(Grants.none(), Limits.defaults(), Stdio.none());
    }

    assertThat(execution.outcome()).isEqualTo(new Cancelled());
    assertThatThrownBy(() -> module.start(Grants.none(), Limits.defaults(), Stdio.none()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRunGoesOnWhenItsModuleIsClosed() throws Exception {
    var module = load("tool");
    var execution = module.start(command("sleep", "50"), Limits.defaults(), Stdio.none());
    module.close();

    assertThat(execution.outcome()).isEqualTo(new Exited(0));
    assertThatThrownBy(() -> module.start(Grants.none(), Limits.defaults(), Stdio.none()))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grow-memory", "grow-table", "big-memory"})
  void memoryAndTablesEndAtTheWall(String guest) throws Exception {
    var ran =
        run(
            guest,
            Grants.none(),
            Limits.defaults().withMemoryBytes(16 << 20),
            InputStream.nullInputStream());

    assertThat(ran.outcome()).isEqualTo(new OutOfMemory(16 << 20));
  }

  @Test
  void aGuestThatCopesWithRefusedMemoryEndsWell() throws Exception {
    assertThat(run("grow-and-cope").outcome()).isEqualTo(new Exited(0));
  }

  @Test
  void aGuestThatGivesUpForWantOfMemoryIsOutOfMemory() throws Exception {
    assertThat(tool("alloc", "4000").outcome())
        .isEqualTo(new OutOfMemory(Limits.DEFAULT_MEMORY_BYTES));
    assertThat(tool("alloc", "40").outcome()).isEqualTo(new Exited(0));
  }

  @Test
  void aMemoryBombLeavesTheOthersAlone() throws Exception {
    try (var bomb = load("grow-memory");
        var running =
            bomb.start(
                Grants.none(), Limits.defaults().withMemoryBytes(512L << 20), Stdio.none())) {
      for (int i = 0; i < 5; i++) {
        assertThat(tool("exit", "7").outcome()).isEqualTo(new Exited(7));
      }
      assertThat(running.outcome()).isInstanceOf(OutOfMemory.class);
    }
  }

  /** Never has anything, and says when it was asked. */
  private static final class SilentStream extends InputStream {
    private final CountDownLatch asked;

    SilentStream(CountDownLatch asked) {
      this.asked = asked;
    }

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      asked.countDown();
      try {
        new CountDownLatch(1).await();
        return -1;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException();
      }
    }
  }
}
