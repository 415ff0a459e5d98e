package dev.dunlin.oci;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An answer that asks to come again: 429, 408 and the 500s. */
final class TransientFault extends IOException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  TransientFault(String message, @Nullable Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** What the registry asked for, if it did. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
