package dev.dunlin.agent.http;

import java.time.Duration;

/**
 * What the agent decides about serving.
 *
 * @param bindAddress numeric, or a name of this host
 * @param requestHead a new connection that has not sent a whole request head in this time is broken
 * @param idleConnection a connection without a request for so long is closed
 * @param closePort at most so long a port that closes is waited for
 * @param sweepEvery between looks at requests under way: is their time over, is their client gone
 * @param connectionsPerApp at once; more are closed as they come
 * @param connections of all apps at once; more are closed as they come
 */
public record HttpSettings(
    String bindAddress,
    Duration requestHead,
    Duration idleConnection,
    Duration closePort,
    Duration sweepEvery,
    int connectionsPerApp,
    int connections) {
  public HttpSettings {
    if (connectionsPerApp < 1 || connections < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 connection, found %d per app and %d in all"
              .formatted(connectionsPerApp, connections));
    }
  }

  public static HttpSettings on(String bindAddress) {
    return new HttpSettings(
        bindAddress,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(1),
        Duration.ofMillis(250),
        1_024,
        4_096);
  }

  /** Between looks at connections: fine enough for both limits. */
  Duration lookAtConnectionsEvery() {
    Duration shorter = requestHead.compareTo(idleConnection) < 0 ? requestHead : idleConnection;
    return shorter.dividedBy(10);
  }
}
