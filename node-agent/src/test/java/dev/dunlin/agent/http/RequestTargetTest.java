package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  private final HttpApps apps =
      new HttpApps(
          HttpSettings.on("127.0.0.1"),
          new HttpMeter() {
            @Override
            public void answered(AppKey app, int status, long nanos) {}

            @Override
            public void clientLeft(AppKey app) {}

            @Override
            public void connectionLost(AppKey app, LostConnection why) {}
          });

  @SuppressWarnings("NullAway.Init")
  private Serving echo;

  @BeforeEach
  void anAppThatSaysWhatItIsAskedFor() {
    var member =
        new HttpApps.Member(
            new AppKey("ns", "echo"), "echo-1", "r1", Instant.EPOCH, 0, 16, Duration.ofSeconds(30));
    var guest =
        new FakeGuest((request, response) -> {
          String seen = request.path() + " " + request.query();
          response.begin(200, List.of()).write(seen.getBytes(UTF_8));
          return new Outcome.Exited(0);
        });
    echo = apps.serve(member, guest, new ByteArrayOutputStream());
  }

  @AfterEach
  void close() {
    apps.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name=%zz",
        "%",
        "a=%4",
        "q=\"x\"&r={1}|[2]",
        "a=\\b^`<c>",
        "a=b?c=d/e",
        "x=%00%0A",
        "a=1&&b&=c"
      })
  void aQueryReachesTheGuestAsItCame(String query) throws IOException {
    assertThat(ask("/p%20q?" + query)).startsWith("HTTP/1.1 200").endsWith("/p%20q " + query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/?a=\u0000b", "/?a=\u00fc", "/?a=\tb", "/?a=\u007f", "/a\u0001b", "/\u00fc"})
  void whatNoUriCanHoldIsRefused(String target) throws IOException {
    assertThat(ask(target)).startsWith("HTTP/1.1 400").doesNotContain("200");
  }

  @Test
  void aClientOfHttp2IsHeardInTheSameWay() throws Exception {
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var uri = URI.create("http://127.0.0.1:" + echo.port() + "/p%20q?a=b&c=%2F&x=%00");

      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("/p%20q a=b&c=%2F&x=%00");
    }
  }

  /** Sends a target as it is, which no HTTP client does. */
  private String ask(String target) throws IOException {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), echo.port())) {
      String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
