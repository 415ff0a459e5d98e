package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Compilation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Compilations under way and waiting. What is long has a lane of its own, so that what is quick
 * never waits for it. Whoever asks for what is being made already waits for that; what nobody waits
 * for any more is ended.
 */
final class CompileQueue implements AutoCloseable {
  /** Where a compilation waits for its turn. */
  enum Lane {
    QUICK,
    LONG
  }

  /**
   * What is to be made.
   *
   * @param digest of the module, in hexadecimal
   * @param code where it goes; the same code is made once at a time
   */
  record Order(String digest, long wasmBytes, Path wasm, Path code, int how, Lane lane) {}

  /** What makes code; a process, outside of tests. */
  interface Maker {
    void make(Order order) throws InterruptedException;
  }

  private final Maker maker;
  private final Map<Lane, Semaphore> lanes;

  /** By where the code goes; guarded by this, together with the jobs' waiters. */
  private final Map<Path, Job> jobs = new LinkedHashMap<>();

  /** Guarded by this. */
  private boolean closed;

  /**
   * @param quick how many quick ones at once
   * @param longs how many long ones at once
   */
  CompileQueue(Maker maker, int quick, int longs) {
    this.maker = maker;
    this.lanes =
        Map.of(Lane.QUICK, new Semaphore(quick, true), Lane.LONG, new Semaphore(longs, true));
  }

  /** Waits for one compilation, until {@link #close}. */
  final class Ticket implements AutoCloseable {
    private final Job job;
    private boolean given; // guarded by the queue

    private Ticket(Job job) {
      this.job = job;
    }

    /**
     * Waits until the code is there.
     *
     * @throws dev.dunlin.engine.ModuleRefusedException and whatever else the maker throws
     */
    void await() throws InterruptedException {
      try {
        job.done.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("compiling failed", e.getCause());
      }
    }

    /** Completes when the code is there, or cannot be. */
    CompletableFuture<@Nullable Void> done() {
      return job.done;
    }

    /** Waits no longer, unless the work has begun: then it is done for whoever comes later. */
    void closeUnlessBegun() {
      if (job.begunNanos == 0) {
        close();
      }
    }

    @Override
    public void close() {
      synchronized (CompileQueue.this) {
        if (!given) {
          given = true;
          job.leave();
        }
      }
    }
  }

  /** One compilation. */
  private final class Job implements Runnable {
    private final Order order;
    private final long sinceNanos = System.nanoTime();
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    // No virtual one: Linux ends the process together with the thread that started it.
    private final Thread thread = Thread.ofPlatform().daemon().name("wasm-compile").unstarted(this);
    private int waiters; // guarded by the queue
    private volatile long begunNanos;

    private Job(Order order) {
      this.order = order;
    }

    @Override
    public void run() {
      var lane = lanes.getOrDefault(order.lane(), new Semaphore(1));
      try {
        lane.acquire();
        try {
          begunNanos = System.nanoTime() | 1;
          maker.make(order);
        } finally {
          lane.release();
        }
        end(null);
      } catch (InterruptedException e) {
        end(new CancellationException("nobody waits for it any more"));
      } catch (RuntimeException | Error e) {
        end(e);
      }
    }

    private void end(@Nullable Throwable fault) {
      synchronized (CompileQueue.this) {
        jobs.remove(order.code(), this);
      }
      if (fault == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(fault);
      }
    }

    private void leave() {
      if (--waiters == 0 && !done.isDone()) {
        jobs.remove(order.code(), this);
        thread.interrupt();
      }
    }

    private Compilation told(long now) {
      long from = begunNanos == 0 ? sinceNanos : begunNanos;
      return new Compilation(
          "sha256:" + order.digest(),
          order.wasmBytes(),
          Duration.ofNanos(now - from),
          begunNanos == 0);
    }
  }

  /**
   * Has code made, or joins whoever had asked for it; the ticket is to be closed.
   *
   * @throws IllegalStateException when the engine is closed
   */
  synchronized Ticket order(Order order) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    var job = jobs.get(order.code());
    if (job == null) {
      job = new Job(order);
      jobs.put(order.code(), job);
      job.thread.start();
    }
    job.waiters++;
    return new Ticket(job);
  }

  /** What is under way, those that have waited longest first. */
  synchronized List<Compilation> compilations() {
    long now = System.nanoTime();
    return jobs.values().stream()
        .map(job -> job.told(now))
        .sorted(
            Comparator.comparing(Compilation::waiting)
                .reversed()
                .thenComparing(Compilation::since, Comparator.reverseOrder()))
        .toList();
  }

  /** Ends all of them. */
  @Override
  public void close() {
    List<Job> ending;
    synchronized (this) {
      closed = true;
      ending = List.copyOf(jobs.values());
    }
    ending.forEach(job -> job.thread.interrupt());
    for (var job : ending) {
      job.done.handle((made, fault) -> fault).join();
    }
  }
}
