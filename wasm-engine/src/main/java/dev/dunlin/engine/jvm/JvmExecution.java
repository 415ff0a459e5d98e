package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Usage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run on a thread of its own. It is ended by an interrupt, which compiled code looks for at every
 * call and loop, and every wait of WASI answers.
 */
final class JvmExecution implements Execution {
  private static final Logger log = LoggerFactory.getLogger(JvmExecution.class);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final AtomicLong COUNT = new AtomicLong();

  /** Made beforehand: to tell even when there is no heap left to say more. */
  private static final Outcome ENGINE_FAILED =
      new Outcome.Trapped(Outcome.TrapKind.OTHER, "the engine failed");

  private final JvmEngine.Shared shared;
  private final dev.dunlin.engine.jvm.memory.MemoryWall wall;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final Thread thread;
  // Guarded by this.
  private @Nullable Outcome forced;
  private boolean finished;
  private boolean held;
  private @Nullable Future<?> insistence;
  private long cpuNanos;

  private JvmExecution(JvmEngine.Shared shared, CommandRun run) {
    this.shared = shared;
    this.wall = run.wall();
    this.thread =
        new Thread(
            null,
            () -> perform(run),
            "wasm-" + COUNT.incrementAndGet(),
            shared.stackBytes(),
            false);
    thread.setDaemon(true);
  }

  static JvmExecution start(JvmEngine.Shared shared, CommandRun run) {
    shared.watchdog().requireOpen();
    var execution = new JvmExecution(shared, run);
    shared.executions().add(execution);
    execution.watch(run.limits());
    execution.begin();
    return execution;
  }

  private void begin() {
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // that is how the JDK says it: no thread, not no heap
      log.error("a guest cannot be started", e);
      synchronized (this) {
        finished = true;
      }
      complete(new Outcome.Trapped(Outcome.TrapKind.OTHER, "the engine has no thread to run it"));
    }
  }

  private void watch(Limits limits) {
    limits
        .deadline()
        .ifPresent(deadline ->
            untilTheEnd(
                shared
                    .watchdog()
                    .after(deadline, () -> end(new Outcome.DeadlineExceeded(deadline)))));
    limits
        .cpuTime()
        .ifPresent(limit -> untilTheEnd(shared.watchdog().look(() -> compareCpuTime(limit))));
  }

  private void untilTheEnd(Future<?> timer) {
    var _ = outcome.whenComplete((result, never) -> timer.cancel(false));
  }

  private void compareCpuTime(Duration limit) {
    if (THREADS.getThreadCpuTime(thread.threadId()) > limit.toNanos()) {
      end(new Outcome.CpuTimeExceeded(limit));
    }
  }

  private void perform(CommandRun run) {
    Outcome result = ENGINE_FAILED;
    try {
      result = run.perform(this::checkpoint);
    } catch (EndedException e) {
      result = new Outcome.Cancelled(); // replaced below by what was forced
    } catch (IOException e) {
      log.warn("a granted directory cannot be opened", e);
      result = new Outcome.Trapped(Outcome.TrapKind.OTHER, "a granted directory cannot be opened");
    } catch (Throwable e) { // whatever it is, the run has ended and its waiters must know
      log.error("the engine failed a guest", e);
      result =
          new Outcome.Trapped(
              Outcome.TrapKind.OTHER, "the engine failed: " + e.getClass().getSimpleName());
    } finally {
      wall.release();
      finish(result);
    }
  }

  private void finish(Outcome result) {
    Outcome told;
    synchronized (this) {
      finished = true;
      told = forced == null ? result : forced;
      cpuNanos = Math.max(0, THREADS.getCurrentThreadCpuTime());
      if (insistence != null) {
        insistence.cancel(false);
      }
      Thread.interrupted(); // whoever continues on this thread is not meant
    }
    complete(told);
  }

  private void complete(Outcome told) {
    shared.executions().remove(this);
    outcome.complete(told);
  }

  private synchronized void checkpoint() {
    while (held && forced == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        thread.interrupt(); // whoever ends the run has said why before
      }
    }
    if (forced != null) {
      throw new EndedException();
    }
  }

  @Override
  public synchronized void hold(boolean wait) {
    held = wait;
    notifyAll();
  }

  private synchronized void end(Outcome why) {
    if (finished || forced != null) {
      return;
    }
    forced = why;
    thread.interrupt();
    // A stream of the caller's may have swallowed the interrupt and gone on to wait.
    insistence = shared.watchdog().insist(this::interruptAgain);
  }

  private synchronized void interruptAgain() {
    if (!finished) {
      thread.interrupt();
    }
  }

  @Override
  public Outcome outcome() throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an execution never fails", e);
    }
  }

  @Override
  public CompletionStage<Outcome> ended() {
    return outcome.minimalCompletionStage();
  }

  @Override
  public void cancel() {
    end(new Outcome.Cancelled());
  }

  @Override
  public synchronized Usage usage() {
    long nanos = finished ? cpuNanos : Math.max(0, THREADS.getThreadCpuTime(thread.threadId()));
    return new Usage(Duration.ofNanos(nanos), wall.usedBytes());
  }

  @Override
  public void close() {
    cancel();
    outcome.join();
  }

  /** Unwinds a guest that has to end. */
  static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndedException() {
      super("the run was ended", null, false, false);
    }
  }
}
