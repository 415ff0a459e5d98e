package dev.dunlin.engine.cgi;

import dev.dunlin.engine.HttpRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A request as a guest's variables and arguments (RFC 3875, 4.1; WAGI adds the X_ ones). */
final class CgiVariables {
  private static final Pattern PORT = Pattern.compile("^(.*):(\\d{1,5})$");
  // An underscore would let X_A pass for X-A, once both have become HTTP_X_A.
  private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9-]+");

  /** Of the connection, not of the request; and "proxy", since HTTP_PROXY means something else. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "keep-alive",
          "proxy",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private CgiVariables() {}

  /** {@code granted}, and over it the variables of the request. */
  static Map<String, String> of(HttpRequest request, Map<String, String> granted) {
    var variables = new LinkedHashMap<>(granted);
    variables.keySet().removeIf(name -> name.startsWith("HTTP_"));
    variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    variables.put("SERVER_SOFTWARE", "dunlin");
    variables.put("SERVER_PROTOCOL", "HTTP/1.1");
    variables.put("SERVER_NAME", hostOf(request));
    variables.put("SERVER_PORT", portOf(request));
    variables.put("REQUEST_METHOD", request.method());
    variables.put("REQUEST_URI", pathAndQuery(request));
    variables.put("SCRIPT_NAME", "");
    variables.put("PATH_INFO", decoded(request.path()));
    variables.put("PATH_TRANSLATED", decoded(request.path()));
    variables.put("QUERY_STRING", request.query());
    variables.put("REMOTE_ADDR", request.remoteAddress());
    variables.put("REMOTE_HOST", request.remoteAddress());
    variables.put("REMOTE_USER", "");
    variables.put("AUTH_TYPE", "");
    variables.put("X_MATCHED_ROUTE", "/...");
    variables.put("X_RAW_PATH_INFO", request.path());
    variables.put(
        "X_FULL_URL", request.scheme() + "://" + request.authority() + pathAndQuery(request));
    variables.put("CONTENT_TYPE", first(request, "content-type").orElse(""));
    contentLength(request).ifPresent(length -> variables.put("CONTENT_LENGTH", length));
    variables.put("HTTP_HOST", request.authority());
    variables.putAll(headers(request));
    variables.replaceAll((name, value) -> value.replace("\0", ""));
    return variables;
  }

  /** As WAGI: the path, then each part of the query; but the app's own arguments, if it has any. */
  static List<String> args(HttpRequest request, List<String> granted) {
    if (granted.size() > 1) {
      return granted;
    }
    var args = new ArrayList<String>();
    args.add(request.path());
    Arrays.stream(request.query().split("&")).filter(part -> !part.isEmpty()).forEach(args::add);
    return args;
  }

  private static Map<String, String> headers(HttpRequest request) {
    var variables = new LinkedHashMap<String, String>();
    for (var header : request.headers()) {
      var name = header.name().toLowerCase(Locale.ROOT);
      if (SAFE_NAME.matcher(name).matches() && !LEFT_OUT.contains(name)) {
        variables.merge(
            "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_'),
            header.value(),
            (one, other) -> one + (name.equals("cookie") ? "; " : ", ") + other);
      }
    }
    variables.remove("HTTP_HOST"); // the authority says it, with HTTP/2 too
    return variables;
  }

  private static Optional<String> first(HttpRequest request, String name) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(dev.dunlin.engine.HttpHeader::value)
        .findFirst();
  }

  // Left unset where the length is not known beforehand: then the body ends where input ends.
  private static Optional<String> contentLength(HttpRequest request) {
    return first(request, "content-length")
        .or(() ->
            METHODS_WITH_BODY.contains(request.method())
                    || first(request, "transfer-encoding").isPresent()
                ? Optional.empty()
                : Optional.of("0"));
  }

  private static String hostOf(HttpRequest request) {
    var match = PORT.matcher(request.authority());
    return match.matches() ? match.group(1) : request.authority();
  }

  private static String portOf(HttpRequest request) {
    var match = PORT.matcher(request.authority());
    return match.matches() ? match.group(2) : request.scheme().equals("https") ? "443" : "80";
  }

  private static String pathAndQuery(HttpRequest request) {
    return request.query().isEmpty() ? request.path() : request.path() + "?" + request.query();
  }

  private static String decoded(String path) {
    try {
      var decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
      return decoded.indexOf('\0') < 0 ? decoded : path;
    } catch (IllegalArgumentException e) {
      return path; // a stray % decodes to nothing
    }
  }
}
