package dev.dunlin.agent.http;

import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A request as a guest sees it. */
final class GuestRequest {
  private GuestRequest() {}

  /**
   * @param trace fields that it has instead of its trace context; empty: it keeps that
   */
  static HttpRequest of(
      ServerRequest request, InputStream body, String requestId, Map<String, String> trace) {
    var prologue = request.prologue();
    var target = RequestTarget.of(request);
    return new HttpRequest(
        prologue.method().text(),
        "http",
        target.authority(),
        target.path(),
        prologue.query().rawValue(),
        headers(request, requestId, trace),
        body,
        request.remotePeer().host());
  }

  /** The body; empty when there is none, and then nothing is to be read. */
  static Optional<Supplier<InputStream>> bodyOf(ServerRequest request) {
    return hasBody(request) ? Optional.of(request.content()::inputStream) : Optional.empty();
  }

  static boolean hasBody(ServerRequest request) {
    return request.content().hasEntity();
  }

  /** Whether it says that its body is longer than that. */
  static boolean saysMoreThan(ServerRequest request, long bytes) {
    return hasBody(request) && request.headers().contentLength().orElse(0) > bytes;
  }

  private static List<HttpHeader> headers(
      ServerRequest request, String requestId, Map<String, String> trace) {
    var headers = new ArrayList<HttpHeader>(request.headers().size() + 3);
    for (Header header : request.headers()) {
      String name = header.headerName().lowerCase();
      if (!name.equals(RequestId.HEADER.lowerCase())
          && !isConnectionOnly(name)
          && (trace.isEmpty() || !isTrace(name))) {
        for (String value : header.allValues()) {
          headers.add(new HttpHeader(name, value));
        }
      }
    }
    headers.add(new HttpHeader(RequestId.HEADER.lowerCase(), requestId));
    trace.forEach((name, value) -> headers.add(new HttpHeader(name, value)));
    return headers;
  }

  /** Fields of W3C Trace Context. */
  private static boolean isTrace(String name) {
    return name.equals("traceparent") || name.equals("tracestate");
  }

  /** Fields that speak of one connection and no further (RFC 9110, 7.6.1). */
  static boolean isConnectionOnly(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings" ->
          true;
      default -> name.startsWith(":") || name.equals(HeaderNames.EXPECT.lowerCase());
    };
  }
}
