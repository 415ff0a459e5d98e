package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome.Cancelled;
import dev.dunlin.engine.Outcome.DeadlineExceeded;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run waits where it is, and goes on as if nothing had been. A test that hangs has failed. */
@Timeout(60)
public abstract class HoldContract extends EngineContract {
  private static final Duration A_WHILE = Duration.ofMillis(300);

  @Test
  void aRunThatIsHeldWaitsAndGoesOnAfterwards() {
    var sink = new Counting();
    try (var run = flood(Limits.defaults(), sink)) {
      run.hold(true);
      awaitStandstill(sink.written::get);
      long last = sink.written.get();

      run.hold(false);

      await().until(() -> sink.written.get() > last);
    }
  }

  @Test
  void aRunThatIsHeldCanBeCancelled() throws Exception {
    try (var run = flood(Limits.defaults(), new Counting())) {
      run.hold(true);

      run.cancel();

      assertThat(run.outcome()).isEqualTo(new Cancelled());
    }
  }

  @Test
  void theDeadlineOfARunThatIsHeldStands() throws Exception {
    var soon = Duration.ofSeconds(1);
    try (var run = flood(Limits.defaults().withDeadline(soon), new Counting())) {
      run.hold(true);

      assertThat(run.outcome()).isEqualTo(new DeadlineExceeded(soon));
    }
  }

  @Test
  void whatARunSleptForIsNotLostWhileItIsHeld() throws Exception {
    try (var module = load("tool");
        var run = module.start(command("sleep", "100"), Limits.defaults(), Stdio.none())) {
      run.hold(true);
      await().during(A_WHILE).until(() -> !run.ended().toCompletableFuture().isDone());

      run.hold(false);

      assertThat(run.outcome()).isEqualTo(new Exited(0));
    }
  }

  @Test
  void whatARunReadsIsNotLostWhileItIsHeld() throws Exception {
    var sink = new Counting();
    var pen = new PipedOutputStream();
    try (var source = new Awaited(pen);
        var module = load("tool");
        var run = module.start(command("cat"), Limits.defaults(), new Stdio(source, sink, sink))) {
      source.asked.await();
      run.hold(true);
      pen.write(1);
      pen.close();
      await().during(A_WHILE).until(() -> !run.ended().toCompletableFuture().isDone());

      run.hold(false);

      assertThat(run.outcome()).isEqualTo(new Exited(0));
      assertThat(sink.written).hasValue(1);
    }
  }

  @Test
  void aRunThatHasEndedStaysAsItEnded() throws Exception {
    try (var module = load("tool");
        var run = module.start(command("exit", "3"), Limits.defaults(), Stdio.none())) {
      run.outcome();

      run.hold(true);

      assertThat(run.outcome()).isEqualTo(new Exited(3));
    }
  }

  @Test
  void closingTheEngineEndsWhatIsHeld() throws Exception {
    Execution run;
    try (var own = open(temp)) {
      run = own.load(guest("sleep")).start(Grants.none(), Limits.defaults(), Stdio.none());
      run.hold(true);
    }

    assertThat(run.outcome()).isEqualTo(new Cancelled());
  }

  /** Waits until the number does not change any more. */
  protected static void awaitStandstill(LongSupplier number) {
    var last = new AtomicLong(-1);
    await()
        .during(A_WHILE)
        .until(() -> {
          long now = number.getAsLong();
          return last.getAndSet(now) == now;
        });
  }

  /** A guest that writes for ever, and has begun to. */
  private Execution flood(Limits limits, Counting sink) {
    var run =
        shared("flood")
            .start(Grants.none(), limits, new Stdio(InputStream.nullInputStream(), sink, sink));
    await().until(() -> sink.written.get() > 0);
    return run;
  }

  private static final class Awaited extends PipedInputStream {
    final CountDownLatch asked = new CountDownLatch(1);

    Awaited(PipedOutputStream pen) throws IOException {
      super(pen);
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
      asked.countDown();
      return super.read(target, offset, length);
    }
  }

  private static final class Counting extends OutputStream {
    final AtomicLong written = new AtomicLong();

    @Override
    public void write(int b) {
      written.incrementAndGet();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      written.addAndGet(length);
    }
  }
}
