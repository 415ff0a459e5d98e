package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.Usage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A command as a task of the library. The library's threads run it; virtual threads carry its
 * streams, and one of them says how it ended.
 */
final class CommandRun implements Execution, Events.Listener {
  private final Native library;
  private final Grants grants;
  private final Limits limits;
  private final long startNanos = System.nanoTime();
  private final OutputPump out;
  private final OutputPump err;
  private final InputPump in;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final long token;
  // Guarded by this.
  private long task;
  private int early;
  private boolean ended;
  private boolean cancelled;
  private @Nullable Usage used;
  private Outbound sent = Outbound.NONE;

  CommandRun(Native library, Grants grants, Limits limits, Stdio stdio) {
    this.library = library;
    this.grants = grants;
    this.limits = limits;
    this.out = new OutputPump(library, Dunlin.OUTPUT, stdio.out());
    this.err = new OutputPump(library, Dunlin.ERRORS, stdio.err());
    this.in = new InputPump(library, stdio.in());
    this.token = library.events().add(this);
  }

  long token() {
    return token;
  }

  /** It runs, under this handle. */
  synchronized void begin(long handle) {
    task = handle;
    if (cancelled) {
      library.border().taskCancel(task);
    }
    follow(early);
  }

  /** It could not be started. */
  void abandon() {
    library.events().remove(token);
    outcome.complete(new Outcome.Cancelled());
  }

  @Override
  public synchronized void tell(int bits) {
    if (task == 0) {
      early |= bits;
    } else {
      follow(bits);
    }
  }

  private void follow(int bits) {
    if ((bits & Dunlin.ENDED) != 0) {
      end();
      return;
    }
    if ((bits & Dunlin.HAS_OUTPUT) != 0) {
      out.wake(task);
    }
    if ((bits & Dunlin.HAS_ERRORS) != 0) {
      err.wake(task);
    }
    if ((bits & Dunlin.WANTS_INPUT) != 0) {
      in.wake(task);
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      long handle = task;
      Thread.ofVirtual().name("wasm-end").start(() -> finish(handle));
    }
  }

  private void finish(long handle) {
    Outcome result = new Outcome.Trapped(Outcome.TrapKind.OTHER, "the engine failed");
    try {
      result = outcomeOf(handle);
      in.stop();
      result = afterOutput(handle, result);
    } catch (InterruptedException e) {
      result = new Outcome.Cancelled();
    } finally {
      complete(handle, result);
    }
  }

  private Outcome outcomeOf(long handle) {
    var buffer = library.buffers().take();
    try {
      library
          .border()
          .taskOutcome(handle, buffer.out, buffer.message(), Buffers.Buffer.MESSAGE_BYTES);
      return Outcomes.of(
          buffer.out.get(Blob.U32, 0),
          buffer.out.get(Blob.U32, Integer.BYTES),
          buffer.messageText(),
          limits);
    } finally {
      library.buffers().give(buffer);
    }
  }

  /** The run has ended when what it wrote has arrived; that too can be ended. */
  private Outcome afterOutput(long handle, Outcome result) throws InterruptedException {
    if (isForced(result)) {
      out.stop();
      err.stop();
    }
    out.wakeLast(handle);
    err.wakeLast(handle);
    boolean inTime = out.join(timeLeft());
    inTime &= err.join(timeLeft());
    if (isForced(result)) {
      return result;
    }
    if (isCancelled()) {
      return new Outcome.Cancelled();
    }
    return inTime ? result : new Outcome.DeadlineExceeded(limits.deadline().orElseThrow());
  }

  private static boolean isForced(Outcome result) {
    return result instanceof Outcome.Cancelled
        || result instanceof Outcome.DeadlineExceeded
        || result instanceof Outcome.CpuTimeExceeded;
  }

  private @Nullable Duration timeLeft() {
    return limits
        .deadline()
        .map(limit -> limit.minusNanos(System.nanoTime() - startNanos))
        .map(left -> left.isNegative() ? Duration.ZERO : left)
        .orElse(null);
  }

  private void complete(long handle, Outcome result) {
    var usage = library.usageOfTask(handle);
    synchronized (this) {
      used = usage;
      sent = OutboundCounts.ofTask(library, handle, grants);
      library.border().taskFree(handle);
    }
    library.events().remove(token);
    outcome.complete(result);
  }

  @Override
  public void awaitEnded() {
    outcome.join();
  }

  private synchronized boolean isCancelled() {
    return cancelled;
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
    synchronized (this) {
      if (used != null) {
        return;
      }
      cancelled = true;
      if (task != 0) {
        library.border().taskCancel(task);
      }
      if (!ended) {
        return;
      }
    }
    out.stop();
    err.stop();
  }

  @Override
  public synchronized void hold(boolean wait) {
    if (used == null) {
      library.border().taskHold(task, wait ? 1 : 0);
    }
  }

  @Override
  public synchronized Usage usage() {
    if (used != null) {
      return used;
    }
    return task == 0 ? new Usage(Duration.ZERO, 0) : library.usageOfTask(task);
  }

  @Override
  public synchronized Outbound outbound() {
    return used != null || task == 0 ? sent : OutboundCounts.ofTask(library, task, grants);
  }

  @Override
  public void close() {
    cancel();
    outcome.join();
  }
}
