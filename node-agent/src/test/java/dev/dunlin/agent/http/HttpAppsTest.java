package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.HttpGuest.BadResponseException;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpAppsTest {
  private static final String HERE = "127.0.0.1";
  private static final AppKey SHOP = new AppKey("ns", "shop");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Outcome WELL = new Outcome.Exited(0);

  private final List<Integer> answered = new ArrayList<>();
  private final AtomicInteger left = new AtomicInteger();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpApps apps =
      new HttpApps(
          HttpSettings.on(HERE),
          new HttpMeter() {
            @Override
            public void answered(AppKey app, int status, long nanos) {
              synchronized (answered) {
                answered.add(status);
              }
            }

            @Override
            public void clientLeft(AppKey app) {
              left.incrementAndGet();
            }

            @Override
            public void connectionLost(AppKey app, LostConnection why) {}
          });

  @AfterEach
  void close() {
    apps.close();
    client.close();
  }

  @Test
  void aGuestSeesTheRequestAndItsAnswerReachesTheClient() throws Exception {
    var seen = new AtomicReference<dev.dunlin.engine.HttpRequest>();
    Serving shop =
        serve((request, response) -> {
          seen.set(request);
          byte[] body = request.body().readAllBytes();
          var headers =
              List.of(
                  new HttpHeader("Content-Type", "text/x-test"),
                  new HttpHeader("Set-Cookie", "a=1"),
                  new HttpHeader("Set-Cookie", "b=2"),
                  new HttpHeader("Transfer-Encoding", "nonsense"));
          response.begin(201, headers).write(body);
          return WELL;
        });

    var answer =
        client.send(
            HttpRequest.newBuilder(uri(shop, "/a%20b?x=1&y=%2F"))
                .header("X-Request-Id", "req-1")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("posted"))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("posted");
    assertThat(answer.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(answer.headers().firstValue("X-Request-Id")).contains("req-1");
    assertThat(seen.get().method()).isEqualTo("POST");
    assertThat(seen.get().path()).isEqualTo("/a%20b");
    assertThat(seen.get().query()).isEqualTo("x=1&y=%2F");
    assertThat(seen.get().authority()).isEqualTo(HERE + ":" + shop.port());
    assertThat(seen.get().remoteAddress()).isEqualTo(HERE);
    assertThat(seen.get().headers())
        .contains(
            new HttpHeader("content-encoding", "gzip"), new HttpHeader("x-request-id", "req-1"))
        .noneMatch(header -> header.name().equals("connection"));
  }

  @Test
  void aGuestThatFailsIsAnsweredForInPlainWords() throws Exception {
    record Case(FakeGuest.Script script, int status, String text) {}
    for (Case each :
        List.of(
            new Case(
                (request, response) -> new Outcome.Trapped(Outcome.TrapKind.UNREACHABLE, "secret"),
                502,
                "the app trapped; its log says more"),
            new Case(
                (request, response) -> new Outcome.OutOfMemory(1 << 20),
                502,
                "the app ran out of its memory limit"),
            new Case(
                (request, response) -> new Outcome.Exited(3),
                502,
                "the app ended with exit code 3"),
            new Case(
                (request, response) -> new Outcome.DeadlineExceeded(TIMEOUT),
                504,
                "the app took longer than its timeoutSeconds"),
            new Case(
                (request, response) -> new Outcome.CpuTimeExceeded(TIMEOUT),
                502,
                "the app ran out of its limit of CPU time"),
            new Case(
                (request, response) -> {
                  throw new BadResponseException("expected a header, found \"x\"");
                },
                502,
                "the app's answer is not an HTTP response; its log says more"),
            new Case(
                (request, response) -> {
                  var _ = response.begin(200, List.of());
                  return new Outcome.Exited(9);
                },
                502,
                "the app ended with exit code 9"))) {
      Serving shop = serve(each.script());

      var answer = get(shop, "/");

      assertThat(answer.statusCode()).isEqualTo(each.status());
      String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
      assertThat(answer.body()).isEqualTo(each.text() + " (request " + id + ")\n");
      shop.close();
    }
    assertThat(log.toString(UTF_8)).contains("secret").contains("expected a header, found \"x\"");
  }

  @Test
  void anAnswerThatFailsHalfWayBreaksTheConnection() throws Exception {
    Serving shop =
        serve((request, response) -> {
          var body = response.begin(200, List.of());
          body.write("half".getBytes(UTF_8));
          body.flush();
          return new Outcome.Trapped(Outcome.TrapKind.UNREACHABLE, "x");
        });

    for (var version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
      assertThatThrownBy(() ->
              client.send(
                  HttpRequest.newBuilder(uri(shop, "/")).version(version).build(),
                  BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void headAndNoContentHaveNoBodyAndKeepTheConnection() throws Exception {
    Serving shop =
        serve((request, response) -> {
          int status = request.path().equals("/none") ? 204 : 200;
          response.begin(status, List.of()).write("12345".getBytes(UTF_8));
          return WELL;
        });
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
      send(socket, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
      send(socket, "GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
      send(socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

      String all = new String(socket.getInputStream().readAllBytes(), UTF_8);

      String[] answers = all.split("(?=HTTP/1.1)");
      assertThat(answers).hasSize(3);
      assertThat(answers[0]).containsIgnoringCase("content-length: 5").endsWith("\r\n\r\n");
      assertThat(answers[1]).startsWith("HTTP/1.1 204").endsWith("\r\n\r\n");
      assertThat(answers[2]).contains("12345");
    }
  }

  @Test
  void noMoreThanMaxConcurrencyWorkAtOnceAndOthersWaitTheirTurn() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var both = new CountDownLatch(2);
    Serving shop =
        serve(
            "shop-1",
            "r1",
            2,
            TIMEOUT,
            (request, response) -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              both.countDown();
              both.await();
              inside.decrementAndGet();
              return answerWith(response, "ok");
            });

    List<CompletableFuture<java.net.http.HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(
          client.sendAsync(
              HttpRequest.newBuilder(uri(shop, "/")).version(HttpClient.Version.HTTP_1_1).build(),
              BodyHandlers.ofString()));
    }

    assertThat(all).allSatisfy(each -> assertThat(each.get().statusCode()).isEqualTo(200));
    assertThat(most).hasValue(2);
  }

  @Test
  void whoWaitsTooLongIsSentAwayAndWhoIsStuckIsEnded() throws Exception {
    var interrupted = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    Serving shop =
        serve(
            "shop-1",
            "r1",
            1,
            Duration.ofMillis(300),
            (request, response) -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
                return WELL;
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
            });
    var stuck =
        client.sendAsync(HttpRequest.newBuilder(uri(shop, "/")).build(), BodyHandlers.ofString());
    begun.await();

    var waiting = new AtomicReference<java.net.http.HttpResponse<String>>();
    var thread = Thread.ofVirtual().start(() -> waiting.set(get(shop, "/")));

    assertThat(stuck.get().statusCode()).isEqualTo(504);
    interrupted.await();
    thread.join();
    // Its turn came when the stuck one was ended, or it did not: it is answered either way.
    assertThat(waiting.get().statusCode()).isIn(503, 504);
  }

  @Test
  void aRequestWhoseClientHasGoneIsCancelled() throws Exception {
    var begun = new CountDownLatch(1);
    var cancelled = new CountDownLatch(1);
    Serving shop =
        serve((request, response) -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
            return WELL;
          } catch (InterruptedException e) {
            cancelled.countDown();
            throw e;
          }
        });
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
      send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      begun.await();
    }

    cancelled.await();
    await().until(() -> left.get() == 1);
  }

  @Test
  void aClientThatSendsItsNextRequestEarlyLosesNothing() throws Exception {
    var first = new CountDownLatch(1);
    var second = new CountDownLatch(1);
    Serving shop =
        serve((request, response) -> {
          if (request.path().equals("/1")) {
            first.countDown();
            second.await();
          }
          return answerWith(response, "answer to " + request.path());
        });
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
      send(socket, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
      first.await();
      send(socket, "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      // Long enough for the sweeper to have looked at the connection a few times.
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      second.countDown();

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .contains("answer to /1")
          .contains("answer to /2");
    }
  }

  @Test
  void theNewestRevisionTakesOverAndTheOldOneFinishesWhatItHas() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    int port = freePort();
    Serving old =
        serve(
            port,
            "shop-r1-a",
            "r1",
            (request, response) -> {
              begun.countDown();
              go.await();
              return answerWith(response, "old");
            });
    var slow =
        client.sendAsync(HttpRequest.newBuilder(uri(old, "/")).build(), BodyHandlers.ofString());
    begun.await();
    Serving fresh =
        serve(port, "shop-r2-a", "r2", (request, response) -> answerWith(response, "new"));

    assertThat(get(fresh, "/").body()).isEqualTo("new");
    var drained = Thread.ofVirtual().start(() -> old.drain(Duration.ZERO, Duration.ofSeconds(60)));
    go.countDown();
    drained.join();
    old.close();

    assertThat(slow.get().body()).isEqualTo("old");
    assertThat(get(fresh, "/").body()).isEqualTo("new");
    assertThat(apps.ports()).isOne();
  }

  @Test
  void theLastOneThatDrainsGoesOnAnsweringAndSendsItsClientsAway() throws Exception {
    Serving shop = serve((request, response) -> answerWith(response, "still here"));
    var drained =
        Thread.ofVirtual().start(() -> shop.drain(Duration.ofSeconds(2), Duration.ofSeconds(60)));

    await()
        .untilAsserted(() ->
            assertThat(
                    client
                        .send(
                            HttpRequest.newBuilder(uri(shop, "/"))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                            BodyHandlers.ofString())
                        .headers()
                        .firstValue("Connection"))
                .contains("close"));
    drained.join();
    shop.close();

    assertThat(apps.ports()).isZero();
    assertThatThrownBy(() ->
            client.send(HttpRequest.newBuilder(uri(shop, "/")).build(), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aPortThatSomebodyElseHoldsIsNamed() throws Exception {
    try (var other = new ServerSocket()) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = other.getLocalPort();

      assertThatThrownBy(() -> serve(port, "shop-1", "r1", (request, response) -> WELL))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining("port " + port + " of this node cannot be opened");
    }
    Serving shop = serve((request, response) -> WELL);
    var stranger =
        new HttpApps.Member(
            new AppKey("ns", "other"), "o", "r", Instant.EPOCH, shop.port(), 1, TIMEOUT);
    assertThatThrownBy(() -> apps.serve(stranger, new FakeGuest((request, response) -> WELL), log))
        .isInstanceOf(PortInUseException.class)
        .hasMessage(
            "port " + shop.port() + " of this node is served by the app ns/shop, not ns/other");
  }

  @Test
  void twoHundredAppsCostNoPlatformThreads() throws Exception {
    serve((request, response) -> answerWith(response, "warm")).close();
    long before = platformThreads();
    var all = new ArrayList<Serving>();
    for (int i = 0; i < 200; i++) {
      var member =
          new HttpApps.Member(
              new AppKey("ns", "app-" + i), "i", "r", Instant.EPOCH, freePort(), 4, TIMEOUT);
      all.add(
          apps.serve(
              member, new FakeGuest((request, response) -> answerWith(response, "hi")), log));
    }

    for (Serving app : all) {
      assertThat(get(app, "/").body()).isEqualTo("hi");
    }

    assertThat(platformThreads() - before).isLessThan(20);
    all.forEach(Serving::close);
    assertThat(apps.ports()).isZero();
  }

  private static long platformThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith("HttpClient"))
        .count();
  }

  private Serving serve(FakeGuest.Script script) throws IOException {
    return serve("shop-1", "r1", 16, TIMEOUT, script);
  }

  private Serving serve(
      String instance,
      String revision,
      int maxConcurrency,
      Duration timeout,
      FakeGuest.Script script)
      throws IOException {
    return apps.serve(
        new HttpApps.Member(
            SHOP, instance, revision, Instant.EPOCH, freePort(), maxConcurrency, timeout),
        new FakeGuest(script),
        log);
  }

  private Serving serve(int port, String instance, String revision, FakeGuest.Script script) {
    Instant created = Instant.EPOCH.plusSeconds(revision.charAt(1));
    return apps.serve(
        new HttpApps.Member(SHOP, instance, revision, created, port, 16, TIMEOUT),
        new FakeGuest(script),
        log);
  }

  private static Outcome answerWith(HttpResponse response, String text) throws IOException {
    response.begin(200, List.of()).write(text.getBytes(UTF_8));
    return WELL;
  }

  private java.net.http.HttpResponse<String> get(Serving app, String path) {
    try {
      return client.send(HttpRequest.newBuilder(uri(app, path)).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URI uri(Serving app, String path) {
    return URI.create("http://" + HERE + ":" + app.port() + path);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket.getLocalPort();
    }
  }
}
