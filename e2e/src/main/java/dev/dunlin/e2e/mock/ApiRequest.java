package dev.dunlin.e2e.mock;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request, read whole. */
record ApiRequest(
    String method,
    String path,
    Map<String, String> query,
    String accept,
    String contentType,
    String userAgent,
    String body) {

  static ApiRequest read(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    return new ApiRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath().replaceAll("/+$", ""),
        parameters(exchange.getRequestURI().getRawQuery()),
        String.join(",", headers.getOrDefault("Accept", java.util.List.of())),
        headers
            .getOrDefault("Content-Type", java.util.List.of(""))
            .getFirst()
            .replaceAll(";.*", ""),
        headers.getOrDefault("User-Agent", java.util.List.of("unknown")).getFirst(),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  String query(String name) {
    return query.getOrDefault(name, "");
  }

  boolean asks(String name) {
    return query(name).equals("true") || query(name).equals("1");
  }

  boolean wantsTable() {
    return accept.contains("as=Table");
  }

  Writes.Writer writer() {
    String manager = query("fieldManager");
    return new Writes.Writer(
        manager.isEmpty() ? userAgent.replaceAll("[/ ].*", "") : manager,
        asks("force"),
        !query("dryRun").isEmpty());
  }

  private static Map<String, String> parameters(@Nullable String raw) {
    var query = new LinkedHashMap<String, String>();
    if (raw == null) return query;
    for (String pair : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          parts.length < 2 ? "true" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
