package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of more requests than can be worked on. */
class LoadControlTest {
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<Socket> clients = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private AnAgent agent;

  @AfterEach
  void close() throws IOException {
    go.countDown();
    for (Socket client : clients) {
      client.close();
    }
    agent.close();
  }

  @Test
  void moreThanMayWaitAreTurnedAwayAtOnceAndThoseThatWaitAreAnswered() throws Exception {
    agent = new AnAgent();
    Serving shop = serve("shop", 1, queued(2));
    Socket working = begin(shop);
    List<Socket> waiting = List.of(wait(shop, 1), wait(shop, 2));

    String refusal = AnAgent.readUntil(ask(shop), ")\n");

    assertThat(refusal)
        .startsWith("HTTP/1.1 503 ")
        .contains("Retry-After: 1")
        .contains("X-Request-Id: ");
    assertThat(agent.refused).containsExactly("QueueFull");
    go.countDown();
    for (Socket each : List.of(working, waiting.get(0), waiting.get(1))) {
      assertThat(AnAgent.readUntil(each, "done")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(most).hasValue(1);
    assertThat(shop.waiting()).isZero();
    assertThat(AnAgent.readUntil(ask(shop), "done")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whereNoneMayWaitOnlyThoseAreAnsweredThatCanBeWorkedOnAtOnce() throws Exception {
    agent = new AnAgent();
    Serving shop = serve("shop", 2, queued(0));
    begin(shop);
    begin(shop);

    assertThat(AnAgent.readUntil(ask(shop), "Retry-After: 1")).startsWith("HTTP/1.1 503 ");
    assertThat(agent.refused).containsExactly("QueueFull");
  }

  @Test
  void noAppTakesAllOfTheAgentsQueue() throws Exception {
    agent = agentWith(1_000, 4);
    Serving greedy = serve("greedy", 1, queued(1_000));
    Serving quiet = serve("quiet", 1, queued(1_000));
    begin(greedy);
    begin(quiet);
    wait(greedy, 1);
    wait(greedy, 2);

    assertThat(AnAgent.readUntil(ask(greedy), "Retry-After: 1")).startsWith("HTTP/1.1 503 ");
    assertThat(agent.refused).containsExactly("AgentQueueFull");
    Socket waits = wait(quiet, 1);
    go.countDown();
    assertThat(AnAgent.readUntil(waits, "done")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void noAppTakesAllPlacesAtWork() throws Exception {
    agent = agentWith(4, 1_000);
    Serving greedy = serve("greedy", 100, queued(1_000));
    begin(greedy);
    begin(greedy);
    Socket third = wait(greedy, 1);

    begin(serve("quiet", 100, queued(1_000)));

    assertThat(greedy.waiting()).isOne();
    go.countDown();
    assertThat(AnAgent.readUntil(third, "done")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void theTimeThatARequestWaitedIsNotThereToWorkIn() throws Exception {
    agent = new AnAgent();
    Duration timeout = Duration.ofSeconds(2);
    var first = new CountDownLatch(1);
    Serving shop =
        agent.serve(
            "shop",
            1,
            timeout,
            queued(10),
            (request, response) -> {
              if (begun.incrementAndGet() == 1) {
                first.await();
                return AnAgent.answer(response, "done");
              }
              new CountDownLatch(1).await();
              return AnAgent.WELL;
            });
    ask(shop);
    await().until(() -> begun.get() == 1);
    long came = System.nanoTime();
    Socket second = wait(shop, 1);
    await().until(() -> System.nanoTime() - came > timeout.dividedBy(2).toNanos());
    first.countDown();

    assertThat(AnAgent.readUntil(second, ")\n")).startsWith("HTTP/1.1 504 ");

    assertThat(begun).hasValue(2);
  }

  @Test
  void aRequestThatWaitsForLongerThanItsTimeIsAnswered503() throws Exception {
    agent = new AnAgent();
    Serving shop =
        agent.serve(
            "shop",
            1,
            Duration.ofMillis(300),
            queued(10),
            (request, response) -> {
              begun.incrementAndGet();
              awaitUninterrupted(go);
              return AnAgent.answer(response, "done");
            });
    ask(shop);
    await().until(() -> begun.get() == 1);

    Socket second = ask(shop);

    assertThat(AnAgent.readUntil(second, "Retry-After: 1")).startsWith("HTTP/1.1 503 ");
    assertThat(agent.refused).containsExactly("Busy");
    assertThat(begun).hasValue(1);
  }

  @Test
  void whoWaitsWhenAnAppGoesIsStillAnswered() throws Exception {
    agent = new AnAgent();
    Serving shop = serve("shop", 1, queued(10));
    Socket working = begin(shop);
    Socket waits = wait(shop, 1);
    Thread leaving =
        Thread.ofVirtual()
            .start(() -> {
              shop.drain(Duration.ZERO, AnAgent.LONG);
              shop.close();
            });
    await().until(() -> leaving.getState() == Thread.State.TIMED_WAITING);

    go.countDown();

    leaving.join();
    for (Socket each : List.of(working, waits)) {
      assertThat(AnAgent.readAll(each)).startsWith("HTTP/1.1 200 ").endsWith("done");
    }
    assertThat(agent.refused).isEmpty();
  }

  @Test
  void whoLeavesWhileItWaitsLeavesItsPlaceInTheQueue() throws Exception {
    agent = new AnAgent();
    Serving shop = serve("shop", 1, queued(1));
    begin(shop);
    Socket impatient = wait(shop, 1);

    impatient.close();

    await().until(() -> shop.waiting() == 0);
    Socket next = wait(shop, 1);
    go.countDown();
    assertThat(AnAgent.readUntil(next, "done")).startsWith("HTTP/1.1 200 ");
    assertThat(begun).hasValue(2);
  }

  private static AnAgent agentWith(int requests, int queued) {
    return new AnAgent(AnAgent.settings(AnAgent.LONG, AnAgent.LONG, 100, 1_000, requests, queued));
  }

  private static Bounds queued(int most) {
    return new Bounds(most, Bounds.NONE, Bounds.NONE);
  }

  private Serving serve(String app, int maxConcurrency, Bounds bounds) {
    return agent.serve(app, maxConcurrency, AnAgent.TIMEOUT, bounds, this::answerLater);
  }

  private Outcome answerLater(HttpRequest request, HttpResponse response)
      throws IOException, InterruptedException {
    begun.incrementAndGet();
    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    try {
      go.await();
      response.begin(200, List.of()).write("done".getBytes(UTF_8));
      return AnAgent.WELL;
    } finally {
      inside.decrementAndGet();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket ask(Serving app) throws IOException {
    Socket client = AnAgent.connect(app);
    clients.add(client);
    AnAgent.send(client, AnAgent.GET);
    return client;
  }

  /** One more that is worked on. */
  private Socket begin(Serving app) throws IOException {
    int before = begun.get();
    Socket client = ask(app);
    await().until(() -> begun.get() == before + 1);
    return client;
  }

  /** The n-th of its app that waits. */
  private Socket wait(Serving app, int n) throws IOException {
    Socket client = ask(app);
    await().until(() -> app.waiting() == n);
    return client;
  }
}
