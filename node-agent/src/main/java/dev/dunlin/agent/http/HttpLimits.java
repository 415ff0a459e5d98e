package dev.dunlin.agent.http;

/**
 * What all http apps of an agent may have together; none of them can have all of it ({@link
 * Shares}).
 *
 * @param connections of clients
 * @param requests that are worked on; more wait
 * @param queued requests that wait; more are turned away
 */
public record HttpLimits(int connections, int requests, int queued) {
  public static final HttpLimits DEFAULT = new HttpLimits(4_096, 4_096, 10_000);

  public HttpLimits {
    if (connections < 1 || requests < 1 || queued < 0) {
      throw new IllegalArgumentException(
          "expected at least 1 connection, 1 request at work, and 0 that wait, found %d, %d, %d"
              .formatted(connections, requests, queued));
    }
  }
}
