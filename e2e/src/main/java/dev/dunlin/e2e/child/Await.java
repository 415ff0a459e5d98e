package dev.dunlin.e2e.child;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a state, with a deadline and a reason. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Await() {}

  /**
   * Returns once {@code state} holds.
   *
   * @throws IllegalStateException with what {@code found} says, when it does not hold in time
   */
  public static void until(
      String expected, Duration patience, BooleanSupplier state, Supplier<String> found) {
    long end = System.nanoTime() + patience.toNanos();
    while (!state.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "expected within %ds: %s; found: %s"
                .formatted(patience.toSeconds(), expected, found.get()));
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for: " + expected, e);
      }
    }
  }
}
