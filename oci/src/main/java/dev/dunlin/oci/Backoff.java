package dev.dunlin.oci;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides between a pause and giving up, for one operation on one thread: doubling pauses with
 * jitter while the time since the last progress is under {@code retryFor}.
 */
final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** One try of something. */
  interface Attempt<T> {
    T run() throws IOException;
  }

  private final Duration first;
  private final Duration retryFor;
  private long since = System.nanoTime();
  private int faults;

  Backoff(Duration first, Duration retryFor) {
    this.first = first;
    this.retryFor = retryFor;
  }

  /** Runs {@code attempt} until it answers, or throws {@code UNAVAILABLE}. */
  static <T> T retrying(RegistryTimeouts timeouts, String what, Attempt<T> attempt) {
    var backoff = new Backoff(timeouts.firstBackoff(), timeouts.retryFor());
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        backoff.pause(what, e);
      }
    }
  }

  /** Something came: the patience begins anew. */
  void progressed() {
    since = System.nanoTime();
    faults = 0;
  }

  /** Sleeps before the next try, or throws when the patience would be over by then. */
  void pause(String what, IOException fault) {
    requireNotInterrupted();
    Duration pause =
        pauseAfter(
            faults++,
            first,
            fault instanceof TransientFault asked ? asked.retryAfter() : null,
            ThreadLocalRandom.current().nextDouble());
    Duration spent = Duration.ofNanos(System.nanoTime() - since);
    if (spent.plus(pause).compareTo(retryFor) > 0) {
      throw new RegistryException(
          RegistryException.Kind.UNAVAILABLE,
          "%s: %s (tried %d times in %d ms)"
              .formatted(what, describe(fault), faults, spent.toMillis()),
          fault);
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw cancelled();
    }
  }

  /** Between half and all of {@code first} doubled {@code faults} times; never less than asked. */
  static Duration pauseAfter(
      int faults, Duration first, @Nullable Duration retryAfter, double jitter) {
    Duration doubled = first.multipliedBy(1L << Math.min(faults, 20));
    Duration capped = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    Duration pause = Duration.ofNanos((long) (capped.toNanos() * (0.5 + jitter / 2)));
    return retryAfter != null && retryAfter.compareTo(pause) > 0 ? retryAfter : pause;
  }

  static void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled();
    }
  }

  /** What an interrupted thread gets; the interrupt stays set for its owner. */
  static CancellationException cancelled() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted while talking to a registry");
  }

  private static String describe(IOException fault) {
    if (fault instanceof TransientFault) {
      return String.valueOf(fault.getMessage());
    }
    String message = fault.getMessage();
    for (Throwable t = fault; message == null && t != null; t = t.getCause()) {
      message = t.getMessage() == null ? null : t.getMessage();
    }
    return fault.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
