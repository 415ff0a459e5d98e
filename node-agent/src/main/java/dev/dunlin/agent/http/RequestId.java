package dev.dunlin.agent.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Names a request in answers and logs: the client's {@code X-Request-Id}, or a new one. */
final class RequestId {
  static final HeaderName HEADER = HeaderNames.create("X-Request-Id");
  private static final int MAX_LENGTH = 128;

  private RequestId() {}

  static String of(ServerRequest request) {
    return request.headers().first(HEADER).filter(RequestId::isPlain).orElseGet(RequestId::fresh);
  }

  /** It is written into logs and pages; whatever could be more than a name there is replaced. */
  static boolean isPlain(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "-_.:=+/".indexOf(c) >= 0));
  }

  private static String fresh() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
