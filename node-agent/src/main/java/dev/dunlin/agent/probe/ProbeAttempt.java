package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.Probe;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One probe on its way: its result is told once, by whoever is first, the app or the clock. Its
 * mutable fields are guarded by itself.
 */
final class ProbeAttempt {
  private final Asking asking;
  private final Probe probe;
  private final Consumer<ProbeResult> tell;
  private @Nullable Thread thread;
  private @Nullable Semaphore place;
  private boolean told;
  private boolean returned;

  ProbeAttempt(Asking asking, Probe probe, Consumer<ProbeResult> tell) {
    this.asking = asking;
    this.probe = probe;
    this.tell = tell;
  }

  Duration timeout() {
    return Duration.ofSeconds(probe.timeoutSeconds());
  }

  /** The calling thread asks, and has one of {@code places}. */
  synchronized void begin(Semaphore places) {
    thread = Thread.currentThread();
    place = places;
  }

  void perform() {
    ProbeResult result = new ProbeResult.Unknown("the probe was given up");
    try {
      if (!isTold()) {
        result = asking.ask(probe);
      }
    } catch (InterruptedException e) {
      result = new ProbeResult.Unknown("the probe was interrupted");
    } catch (RuntimeException | OutOfMemoryError e) {
      result = new ProbeResult.Unknown("the agent could not ask: " + e);
    } finally {
      giveBackPlace();
      end(result);
    }
  }

  /** Whoever asks is not to be waited for any longer: the run has ended. */
  void giveUp() {
    cut(null);
  }

  void timeIsOver() {
    cut(new ProbeResult.Bad("no answer within " + probe.timeoutSeconds() + " s (timeoutSeconds)"));
  }

  synchronized void giveBackPlace() {
    Semaphore given = place;
    place = null;
    if (given != null) {
      given.release();
    }
  }

  /** Whether nobody asks on its behalf any more. */
  synchronized boolean hasReturned() {
    return returned;
  }

  private void cut(@Nullable ProbeResult result) {
    synchronized (this) {
      if (told) {
        return;
      }
      told = true;
      if (thread != null && !returned) {
        thread.interrupt();
      }
    }
    if (result != null) {
      tell.accept(result);
    }
  }

  private synchronized boolean isTold() {
    return told;
  }

  private void end(ProbeResult result) {
    synchronized (this) {
      returned = true;
      boolean _ = Thread.interrupted(); // ours, and meant for the probe alone
      if (told) {
        return;
      }
      told = true;
    }
    tell.accept(result);
  }
}
