package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One revision takes an app's port from another, while clients ask without a break. */
class TakeoverTest {
  private static final String HERE = "127.0.0.1";
  private static final AppKey SHOP = new AppKey("ns", "shop");
  private static final int CLIENTS = 8;
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final HttpApps apps = new HttpApps(HttpSettings.on(HERE), new Silent());
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean over = new AtomicBoolean();

  /** How often each answer was given; what is none has a name as well. */
  private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

  private int port;

  @BeforeEach
  void freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  @AfterEach
  void close() {
    over.set(true);
    clients.close();
    apps.close();
    client.close();
  }

  @Test
  void noRequestIsLostWhenANewRevisionTakesThePortTheOldOneGoesAndItIsTakenBack() {
    Serving old = serve("r1", true);
    load();
    await().until(() -> count("r1") > 50);

    Serving next = serve("r2", false);
    awaitMore("r1");
    assertThat(count("r2")).isZero();

    next.ready(true);
    awaitMore("r2");
    int oldsLast = count("r1") + CLIENTS; // those that were under way

    next.ready(false);
    awaitMore("r1");
    next.ready(true);
    awaitMore("r2");
    old.drain(Duration.ZERO, GRACE);
    old.close();
    awaitMore("r2");

    serve("r3", true);
    next.drain(Duration.ZERO, GRACE);
    next.close();
    awaitMore("r3");

    assertThat(answers).containsOnlyKeys("r1", "r2", "r3");
    assertThat(count("r1")).isGreaterThan(oldsLast); // it had the port a second time
  }

  @Test
  void oneThatDrainsAnswersAgainWhileTheNewOneIsNotReady() {
    Serving old = serve("r1", true);
    Serving next = serve("r2", true);
    load();
    awaitMore("r2");
    clients.execute(() -> old.drain(GRACE, GRACE));

    next.ready(false);

    awaitMore("r1");
    assertThat(answers).containsOnlyKeys("r1", "r2");
  }

  @Test
  void whoWaitsForATurnOfAnInstanceThatIsEndedIsAnsweredByAnother() {
    var stuck = new CountDownLatch(1);
    var inside = new AtomicInteger();
    Serving old =
        serve(
            "r1",
            1,
            true,
            (request, response) -> {
              inside.incrementAndGet();
              stuck.await();
              response.begin(200, List.of()).write("r1".getBytes(UTF_8));
              return new Outcome.Exited(0);
            });
    for (int i = 0; i < 5; i++) {
      clients.execute(this::ask);
    }
    await().until(() -> inside.get() == 1);
    serve("r0", true); // an older revision, which has not had the port so far

    clients.execute(() -> old.quiesce(GRACE));

    await().until(() -> count("r0") == 4);
    stuck.countDown();
    await().until(() -> count("r1") == 1);
    assertThat(answers).containsOnlyKeys("r0", "r1");
  }

  private void load() {
    for (int i = 0; i < CLIENTS; i++) {
      clients.execute(() -> {
        while (!over.get()) {
          ask();
        }
      });
    }
  }

  private void ask() {
    String answer;
    try {
      var response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + HERE + ":" + port + "/")).build(),
              BodyHandlers.ofString());
      answer = response.statusCode() == 200 ? response.body() : "status " + response.statusCode();
    } catch (IOException e) {
      answer = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    answers.computeIfAbsent(answer, text -> new AtomicInteger()).incrementAndGet();
  }

  private void awaitMore(String answer) {
    int before = count(answer);
    await()
        .untilAsserted(
            () -> assertThat(count(answer)).as("%s", answers).isGreaterThan(before + 50));
  }

  private int count(String answer) {
    AtomicInteger count = answers.get(answer);
    return count == null ? 0 : count.get();
  }

  private Serving serve(String revision, boolean ready) {
    return serve(
        revision,
        16,
        ready,
        (request, response) -> {
          response.begin(200, List.of()).write(revision.getBytes(UTF_8));
          return new Outcome.Exited(0);
        });
  }

  private Serving serve(
      String revision, int maxConcurrency, boolean ready, FakeGuest.Script script) {
    Instant created = Instant.EPOCH.plusSeconds(revision.charAt(1));
    return apps.serve(
        new HttpApps.Member(
            SHOP, "shop-" + revision, revision, created, port, maxConcurrency, GRACE),
        new FakeGuest(script),
        OutputStream.nullOutputStream(),
        CpuCap.NONE,
        ready);
  }

  private static final class Silent implements HttpMeter {
    @Override
    public void answered(AppKey app, int status, long nanos) {}

    @Override
    public void clientLeft(AppKey app) {}

    @Override
    public void connectionLost(AppKey app, LostConnection why) {}
  }
}
