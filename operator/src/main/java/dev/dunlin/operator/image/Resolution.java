package dev.dunlin.operator.image;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is known of an image's digest. */
public sealed interface Resolution {

  /** The registry is being asked. */
  record Resolving() implements Resolution {}

  /**
   * Known.
   *
   * @param image the reference by digest
   * @param features what an engine must have to run it; empty where nobody told
   */
  record Resolved(String image, List<String> features) implements Resolution {
    public Resolved {
      features = List.copyOf(features);
    }
  }

  /**
   * Not to be had for now.
   *
   * @param retryAfter from now; asking again before that asks nobody; empty: never, until the app
   *     changes
   */
  record Unresolved(String reason, String message, Optional<Duration> retryAfter)
      implements Resolution {}
}
