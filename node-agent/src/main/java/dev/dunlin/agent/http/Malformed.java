package dev.dunlin.agent.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import org.jspecify.annotations.Nullable;

/** What a client reads whose request Helidon does not let through; its connection is closed. */
final class Malformed implements DirectHandler {
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .keepAlive(false)
        .entity(text(status.code()) + "\n")
        .build();
  }

  private static String text(int status) {
    return switch (status) {
      case 414 -> "the request's target is longer than the agent takes";
      case 431 -> "the request's header is larger than the agent takes";
      case 501 -> "the request's transfer encoding is not known here";
      case 505 -> "expected HTTP/1.1 or HTTP/2";
      default -> status < 500 ? "the request is not HTTP as it should be" : "the agent failed";
    };
  }
}
