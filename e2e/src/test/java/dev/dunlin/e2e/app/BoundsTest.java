package dev.dunlin.e2e.app;

import static dev.dunlin.e2e.app.Apps.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.house.HttpAnswer;
import dev.dunlin.e2e.house.HttpCall;
import dev.dunlin.e2e.house.ServiceProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What an app's spec says of load and of bodies holds on a node. */
@InSharedHouse
class BoundsTest {

  @Test
  void bodiesBeyondAnAppsBoundsAreRefused(Apps apps) throws IOException {
    ServiceProxy service = reached(apps, "bodies", "maxRequestBody: 10, maxResponseBody: 20");

    HttpAnswer tooLong = service.send(HttpCall.post("/say?hello", new byte[11]));
    HttpAnswer longEnough = service.send(HttpCall.post("/say?hello", new byte[10]));
    HttpAnswer saysTooMuch = service.get("/say?" + "a".repeat(20));
    HttpAnswer saysEnough = service.get("/say?" + "a".repeat(19));

    assertThat(tooLong.status()).isEqualTo(413);
    assertThat(tooLong.text()).startsWith("the request's body is longer than this app's");
    assertThat(longEnough.text()).isEqualTo("hello\n");
    assertThat(saysTooMuch.status()).isEqualTo(502);
    assertThat(saysTooMuch.text()).startsWith("the app's answer is longer than its maxResponse");
    assertThat(saysEnough.status()).isEqualTo(200);
  }

  @Test
  void aRequestThatMayNotWaitIsToldToComeAgain(Apps apps) throws Exception {
    ServiceProxy service = reached(apps, "load", "maxConcurrency: 1, maxQueued: 0");
    var slow = CompletableFuture.supplyAsync(() -> answered(service, "/sleep?5000"));

    var away = new AtomicReference<HttpAnswer>();
    awaitUntil(
        "somebody is turned away",
        () -> {
          away.set(service.get("/say?x"));
          return away.get().status() == 503;
        });

    assertThat(away.get().headers()).containsEntry("retry-after", "1");
    assertThat(away.get().text()).startsWith("as many requests of this app wait already as may");
    assertThat(slow.get().status()).isEqualTo(200);
    assertThat(service.get("/say?hello").text()).isEqualTo("hello\n");
  }

  private static ServiceProxy reached(Apps apps, String name, String bounds) {
    ServiceProxy service = apps.apply(name, "http: {" + bounds + "}").awaitReady(1).service();
    awaitUntil("it is reached", () -> service.targets().size() == 1);
    return service;
  }

  /** Tries until it is its turn. */
  private static HttpAnswer answered(ServiceProxy service, String path) {
    try {
      HttpAnswer answer = service.get(path);
      while (answer.status() == 503) {
        answer = service.get(path);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
