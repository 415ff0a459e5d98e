package dev.dunlin.agent.rate;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has short things done later, or again and again, on one thread. What a task throws is logged, and
 * ends neither the task's repetition nor the thread.
 */
public final class Ticker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ticker.class);

  private final ScheduledThreadPoolExecutor executor;

  public Ticker(String name) {
    executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    executor.setRemoveOnCancelPolicy(true);
  }

  public void after(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("closed: {} is not done any more", task);
    }
  }

  /** The first time at once; a late time makes the next one no sooner. */
  public void every(Duration period, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> run(task), 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does nothing any more; what is being done is interrupted. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      // Guests share the heap: that it was full once must not end what has to go on.
      log.error("a timed task failed", e);
    }
  }
}
