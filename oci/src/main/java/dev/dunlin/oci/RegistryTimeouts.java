package dev.dunlin.oci;

import java.time.Duration;

/**
 * How long a registry is waited for.
 *
 * @param connect until a connection stands
 * @param response from a request to the head of its answer
 * @param stall between two reads of a body
 * @param firstBackoff the pause before the first retry; doubles, with jitter
 * @param retryFor how long faults are retried without a byte of progress; zero retries nothing
 * @param fetch a whole fetch, however well it goes
 */
public record RegistryTimeouts(
    Duration connect,
    Duration response,
    Duration stall,
    Duration firstBackoff,
    Duration retryFor,
    Duration fetch) {
  public static final RegistryTimeouts DEFAULT =
      new RegistryTimeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(10),
          Duration.ofMinutes(15));

  /** The same, retrying for {@code other}. */
  public RegistryTimeouts withRetryFor(Duration other) {
    return new RegistryTimeouts(connect, response, stall, firstBackoff, other, fetch);
  }

  /** What a mirror gets: one try, because another place is next. */
  RegistryTimeouts forMirror() {
    return withRetryFor(Duration.ZERO);
  }

  /** The same, giving up on a silent peer after {@code silence}. */
  public RegistryTimeouts withSilence(Duration silence) {
    return new RegistryTimeouts(silence, silence, silence, firstBackoff, retryFor, fetch);
  }
}
