package dev.dunlin.agent.http;

/**
 * What the requests of an app are held to.
 *
 * @param maxQueued how many may wait on this node
 * @param maxRequestBody bytes; {@link #NONE}: as long as it may be
 * @param maxResponseBody bytes; {@link #NONE}: as long as it may be
 */
public record Bounds(int maxQueued, long maxRequestBody, long maxResponseBody) {
  public static final long NONE = Long.MAX_VALUE;

  /** Of requests that may wait, for each that may be worked on. */
  private static final int WAITING_PER_CONCURRENCY = 64;

  public Bounds {
    if (maxQueued < 0 || maxRequestBody < 1 || maxResponseBody < 1) {
      throw new IllegalArgumentException(
          "expected 0 or more to wait and bodies of 1 byte or more, found %d, %d, %d"
              .formatted(maxQueued, maxRequestBody, maxResponseBody));
    }
  }

  /** Those of an app that says nothing of them. */
  public static Bounds of(int maxConcurrency) {
    return new Bounds(WAITING_PER_CONCURRENCY * maxConcurrency, NONE, NONE);
  }
}
