package dev.dunlin.engine;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** The other server that a guest asks, as in guests/record. */
final class GuestsTestUpstream implements AutoCloseable {
  private static final byte[] ANSWER =
      "an answer from outside\n".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS = 203;

  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;

  GuestsTestUpstream() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          // Some guests send an empty body in chunks; unread, it would break the connection off.
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(STATUS, ANSWER.length);
          exchange.getResponseBody().write(ANSWER);
          exchange.close();
        });
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
