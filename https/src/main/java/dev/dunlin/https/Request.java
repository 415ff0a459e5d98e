package dev.dunlin.https;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One GET request.
 *
 * @param path its segments, decoded; none of them is empty, {@code .} or {@code ..}
 * @param query decoded
 * @param headers by their names in lower case
 * @param clientCertificates what the client has proved to have the key of, its own first; whom they
 *     name has not been looked at
 */
public record Request(
    List<String> path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    List<X509Certificate> clientCertificates) {

  public Request {
    path = List.copyOf(path);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
    clientCertificates = List.copyOf(clientCertificates);
  }

  /** The first header of that name (in lower case). */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** Its path as it was asked for. */
  public String pathText() {
    return "/" + String.join("/", path);
  }

  boolean wantsClose() {
    return headers.getOrDefault("connection", List.of()).stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("close"));
  }

  /** Reads the lines of a request's head (RFC 9112). */
  static Request of(List<String> head, List<X509Certificate> clientCertificates)
      throws BadRequestException {
    String[] first = head.getFirst().split(" ", -1);
    if (first.length != 3 || !first[2].startsWith("HTTP/")) {
      throw new BadRequestException(400, "expected METHOD TARGET HTTP/1.1");
    }
    if (!first[2].equals("HTTP/1.1")) {
      throw new BadRequestException(505, "expected HTTP/1.1, found " + first[2]);
    }
    if (!first[0].equals("GET")) {
      throw new BadRequestException(405, "expected GET, found " + first[0]);
    }
    Map<String, List<String>> headers = headers(head.subList(1, head.size()));
    if (headers.containsKey("transfer-encoding")
        || !headers.getOrDefault("content-length", List.of("0")).equals(List.of("0"))) {
      throw new BadRequestException(413, "expected a request without content");
    }
    int question = first[1].indexOf('?');
    String path = question < 0 ? first[1] : first[1].substring(0, question);
    return new Request(
        segments(path),
        query(question < 0 ? "" : first[1].substring(question + 1)),
        headers,
        clientCertificates);
  }

  private static Map<String, List<String>> headers(List<String> lines) throws BadRequestException {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon < 1 || line.substring(0, colon).chars().anyMatch(c -> c <= ' ')) {
        throw new BadRequestException(400, "expected NAME: VALUE as a header");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static List<String> segments(String path) throws BadRequestException {
    if (!path.startsWith("/")) {
      throw new BadRequestException(400, "expected a path as target");
    }
    var segments = new ArrayList<String>();
    for (String segment : Stream.of(path.split("/", -1)).filter(s -> !s.isEmpty()).toList()) {
      String decoded = decoded(segment.replace("+", "%2B"));
      if (decoded.equals(".") || decoded.equals("..")) {
        throw new BadRequestException(400, "expected a path without . and ..");
      }
      segments.add(decoded);
    }
    return segments;
  }

  private static Map<String, List<String>> query(String text) throws BadRequestException {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String part : text.split("&", -1)) {
      if (!part.isEmpty()) {
        int sign = part.indexOf('=');
        query
            .computeIfAbsent(
                decoded(sign < 0 ? part : part.substring(0, sign)), n -> new ArrayList<>())
            .add(sign < 0 ? "" : decoded(part.substring(sign + 1)));
      }
    }
    return query;
  }

  private static String decoded(String text) throws BadRequestException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, "expected %XX in \"" + text + "\"");
    }
  }
}
