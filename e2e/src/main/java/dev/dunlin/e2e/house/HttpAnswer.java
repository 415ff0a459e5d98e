package dev.dunlin.e2e.house;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a server answered.
 *
 * @param headers by name in lower case; of a repeated one the last
 * @param server who answered, host and port
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpAnswer(int status, Map<String, String> headers, byte[] body, String server) {
  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "%d from %s: %s".formatted(status, server, text());
  }
}
