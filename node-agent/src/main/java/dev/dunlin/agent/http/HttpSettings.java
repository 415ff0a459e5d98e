package dev.dunlin.agent.http;

import java.time.Duration;

/**
 * What the agent decides about serving.
 *
 * @param bindAddress numeric, or a name of this host
 * @param requestHead a new connection that has not sent a whole request head in this time is
 *     broken; and so long a client may keep the agent waiting, in all, with a body or an answer
 *     ({@link Pace})
 * @param idleConnection a connection without a request for so long is closed
 * @param closePort at most so long a port that closes is waited for
 * @param sweepEvery between looks at requests under way: is their time over, is their client gone
 * @param connectionsPerApp at once
 * @param limits of all apps together
 */
public record HttpSettings(
    String bindAddress,
    Duration requestHead,
    Duration idleConnection,
    Duration closePort,
    Duration sweepEvery,
    int connectionsPerApp,
    HttpLimits limits) {
  private static final int CONNECTIONS_PER_APP = 1_024;

  public HttpSettings {
    if (connectionsPerApp < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 connection per app, found " + connectionsPerApp);
    }
  }

  /** The defaults. */
  public static HttpSettings on(String bindAddress) {
    return on(bindAddress, HttpLimits.DEFAULT);
  }

  public static HttpSettings on(String bindAddress, HttpLimits limits) {
    return new HttpSettings(
        bindAddress,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        Duration.ofMillis(250),
        CONNECTIONS_PER_APP,
        limits);
  }

  /** Between looks at connections: fine enough for both limits. */
  Duration lookAtConnectionsEvery() {
    Duration shorter = requestHead.compareTo(idleConnection) < 0 ? requestHead : idleConnection;
    return shorter.dividedBy(10);
  }
}
