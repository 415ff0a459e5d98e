package dev.dunlin.agent.http;

import io.helidon.http.HttpPrologue;

/**
 * Which paths and queries a guest is shown: as they came, well percent-encoded or not (a CGI
 * program gets its QUERY_STRING undecoded), unless they hold what no URI can (RFC 3986, 2): a guest
 * that writes them into a log or a header must not be made to write another line.
 */
final class RequestTarget {
  private RequestTarget() {}

  static boolean isVisible(HttpPrologue prologue) {
    return isVisible(prologue.uriPath().rawPath()) && isVisible(prologue.query().rawValue());
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
