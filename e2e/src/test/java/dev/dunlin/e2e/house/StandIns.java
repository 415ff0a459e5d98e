package dev.dunlin.e2e.house;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hosts of the outside that an example asks: servers on the loopback in their place. */
final class StandIns implements AutoCloseable {
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final List<HttpServer> servers = new ArrayList<>();

  /** Starts those of a checks.json. */
  static StandIns of(JsonNode checks) throws IOException {
    var standIns = new StandIns();
    for (JsonNode server : checks.path("servers")) {
      standIns.start(server.get("host").asText(), server.get("answers"));
    }
    return standIns;
  }

  private void start(String host, JsonNode answers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", exchange -> answer(exchange, answers));
    server.start();
    servers.add(server);
    addresses.put(host, "127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, JsonNode answers) throws IOException {
    try (exchange) {
      JsonNode found = answers.path(exchange.getRequestURI().getPath());
      byte[] body = found.asText("nothing here\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(found.isMissingNode() ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** The text with the addresses of the servers where it names the hosts. */
  String in(String text) {
    String result = text;
    for (var entry : addresses.entrySet()) {
      result =
          result
              .replace(entry.getKey() + ":80", entry.getValue())
              .replace(entry.getKey(), entry.getValue());
    }
    return result;
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
  }
}
