package dev.dunlin.engine.jvm;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that watches the deadlines of all runs, and insists where an end is slow to come. */
final class Watchdog implements AutoCloseable {
  private static final long INSIST_MILLIS = 20;
  private static final long LOOK_MILLIS = 10;

  private final ScheduledThreadPoolExecutor scheduler;

  Watchdog() {
    scheduler =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("wasm-watchdog").daemon().factory());
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Fails once the engine is closed: nobody would end a run that starts now. */
  void requireOpen() {
    if (scheduler.isShutdown()) {
      throw new IllegalStateException("the engine is closed");
    }
  }

  Future<?> after(Duration delay, Runnable action) {
    return scheduler.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs {@code action} now and again until the future is cancelled. */
  Future<?> insist(Runnable action) {
    return every(INSIST_MILLIS, action);
  }

  /** Runs {@code action}, which must be quick, every moment until the future is cancelled. */
  Future<?> look(Runnable action) {
    return every(LOOK_MILLIS, action);
  }

  private Future<?> every(long millis, Runnable action) {
    return scheduler.scheduleWithFixedDelay(action, millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    scheduler.shutdown();
  }
}
