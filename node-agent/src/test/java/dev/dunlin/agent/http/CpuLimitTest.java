package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An app's requests use what a test says of its tenth of a processor. */
class CpuLimitTest {
  private static final String HERE = "127.0.0.1";

  private final HttpApps apps =
      new HttpApps(
          HttpSettings.on(HERE),
          new HttpMeter() {
            @Override
            public void answered(AppKey app, int status, long nanos) {}

            @Override
            public void clientLeft(AppKey app) {}

            @Override
            public void connectionLost(AppKey app, LostConnection why) {}
          });
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<Duration> used = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<Duration> throttled = new AtomicReference<>(Duration.ZERO);

  @AfterEach
  void close() {
    apps.close();
    client.close();
  }

  @Test
  void requestsOfAnAppOverItsLimitWaitAndAreAnsweredAll() throws Exception {
    Serving shop = serve(Duration.ofMillis(20), Duration.ofSeconds(30));
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();

    for (int i = 0; i < 8; i++) {
      answers.add(client.sendAsync(get(shop), BodyHandlers.ofString()));
    }

    for (var answer : answers) {
      assertThat(answer.get().statusCode()).isEqualTo(200);
    }
    assertThat(throttled.get()).isPositive();
  }

  @Test
  void aRequestThatWouldWaitForLongerThanItsTimeIsSentAway() throws Exception {
    Serving shop = serve(Duration.ofHours(1), Duration.ofSeconds(1));
    assertThat(client.send(get(shop), BodyHandlers.ofString()).statusCode()).isEqualTo(200);

    var answer = client.send(get(shop), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  private HttpRequest get(Serving app) {
    return HttpRequest.newBuilder(URI.create("http://" + HERE + ":" + app.port() + "/")).build();
  }

  private Serving serve(Duration each, Duration timeout) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    return apps.serve(
        new HttpApps.Member(
            new AppKey("ns", "shop"), "shop-1", "r1", Instant.EPOCH, port, 16, timeout),
        new FakeGuest((request, response) -> {
          used.updateAndGet(before -> before.plus(each));
          response.begin(200, List.of()).write("done".getBytes(UTF_8));
          return new Outcome.Exited(0);
        }),
        OutputStream.nullOutputStream(),
        CpuCap.of(100, used::get, more -> throttled.updateAndGet(before -> before.plus(more))),
        true);
  }
}
