package dev.dunlin.operator.image;

import java.time.Duration;
import java.util.Optional;

/** What is known of an image's digest. */
public sealed interface Resolution {

  /** The registry is being asked. */
  record Resolving() implements Resolution {}

  /**
   * Known.
   *
   * @param image the reference by digest
   */
  record Resolved(String image) implements Resolution {}

  /**
   * Not to be had for now.
   *
   * @param retryAfter from now; asking again before that asks nobody; empty: never, until the app
   *     changes
   */
  record Unresolved(String reason, String message, Optional<Duration> retryAfter)
      implements Resolution {}
}
