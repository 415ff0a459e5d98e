package dev.dunlin.agent.http;

import java.time.Duration;

/**
 * What the agent decides about serving.
 *
 * @param bindAddress numeric, or a name of this host
 * @param idleConnection a connection without a request for so long is closed
 * @param sweepEvery between looks at requests under way: is their time over, is their client gone
 */
public record HttpSettings(String bindAddress, Duration idleConnection, Duration sweepEvery) {
  public static HttpSettings on(String bindAddress) {
    return new HttpSettings(bindAddress, Duration.ofMinutes(5), Duration.ofMillis(250));
  }
}
