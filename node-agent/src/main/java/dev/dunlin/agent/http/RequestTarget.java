package dev.dunlin.agent.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request is for, as guests are shown it: as it came, well percent-encoded or not (a CGI
 * program gets its QUERY_STRING undecoded), unless it holds what no URI can (RFC 3986, 2): a guest
 * that writes it into a log or a header must not be made to write another line.
 *
 * @param authority of the target where that has one, else of the Host header (RFC 9112, 3.2.2)
 */
record RequestTarget(String authority, String path) {
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?:/?/?([^/]*)(/.*)?");

  static RequestTarget of(ServerRequest request) {
    String path = request.prologue().uriPath().rawPath();
    Matcher absolute = ABSOLUTE.matcher(path);
    return absolute.matches()
        ? new RequestTarget(absolute.group(1), absolute.group(2) == null ? "/" : absolute.group(2))
        : new RequestTarget(request.authority(), path);
  }

  /** Why no guest is asked, if so. */
  static Optional<Refusal> refusal(HttpPrologue prologue) {
    String method = prologue.method().text();
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      return Optional.of(Refusal.BAD_METHOD);
    }
    String path = prologue.uriPath().rawPath();
    return isTarget(path) && isVisible(path) && isVisible(prologue.query().rawValue())
        ? Optional.empty()
        : Optional.of(Refusal.BAD_TARGET);
  }

  private static boolean isTarget(String path) {
    return path.startsWith("/") || path.equals("*") || ABSOLUTE.matcher(path).matches();
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
