package dev.dunlin.e2e.bench.traffic;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;

/** The same answer from a handler in Java, on the HTTP server that the agent builds on. */
public final class PlainHelidon {
  private PlainHelidon() {}

  public static void main(String[] arguments) {
    WebServer.builder()
        .host("127.0.0.1")
        .port(Integer.parseInt(arguments[0]))
        .routing(routing ->
            routing.get(
                "/hello",
                (request, response) ->
                    response
                        .header(HeaderNames.CONTENT_TYPE, "text/plain")
                        .send("hello from helidon\n")))
        .build()
        .start();
  }
}
