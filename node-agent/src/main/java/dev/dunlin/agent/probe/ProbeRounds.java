package dev.dunlin.agent.probe;

import dev.dunlin.agent.rate.Ticker;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the probes of all instances of an agent share: one thread that knows the time, and so many
 * places for probes that are being asked. A probe gives its place back when it is slow, so that
 * stuck guests do not keep the others from being asked.
 */
public final class ProbeRounds implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProbeRounds.class);
  private static final int AT_ONCE = 32;
  private static final Duration SLOW = Duration.ofMillis(250);

  private final ExecutorService workers;
  private final Ticker timer = new Ticker("probes");
  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final long begunNanos = System.nanoTime();

  /**
   * @param workers unbounded; its tasks may block
   */
  public ProbeRounds(ExecutorService workers) {
    this.workers = workers;
  }

  /**
   * How much later than it could a liveness probe is first asked: a part of its period as long as
   * the agent has only just begun, else nothing (as kubelet does).
   */
  long livenessDelayNanos(Duration period, long nowNanos) {
    long nanos = period.toNanos();
    return nowNanos - begunNanos > nanos ? 0 : ThreadLocalRandom.current().nextLong(nanos);
  }

  void at(long nanoTime, Runnable task) {
    // Rounded up: a task that comes a moment early would only wait again.
    long millis = Math.max(0, nanoTime - System.nanoTime()) / 1_000_000 + 1;
    timer.after(Duration.ofMillis(millis), task);
  }

  /** Has a probe asked as soon as there is a place. */
  void ask(ProbeAttempt attempt) {
    try {
      workers.execute(() -> askInTurn(attempt));
    } catch (RejectedExecutionException e) {
      log.debug("the agent ends: a probe is not asked any more", e);
    }
  }

  private void askInTurn(ProbeAttempt attempt) {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    attempt.begin(places);
    timer.after(SLOW, attempt::giveBackPlace);
    timer.after(attempt.timeout(), attempt::timeIsOver);
    attempt.perform();
  }

  @Override
  public void close() {
    timer.close();
  }
}
