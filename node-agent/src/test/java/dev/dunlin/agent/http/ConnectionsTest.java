package dev.dunlin.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and who goes when there are too many. */
class ConnectionsTest {
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
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
  void whereAnAppHasAsManyAsItMayTheLongestIdleOneGivesWay() throws Exception {
    agentWith(2, 100);
    Serving shop = agent.serve("shop", this::answerAtOnce);
    Socket first = answered(shop);
    Socket second = answered(shop);
    Socket elsewhere = answered(agent.serve("other", this::answerAtOnce));

    Socket third = answered(shop);

    assertThat(AnAgent.readAll(first)).isEmpty();
    assertThat(agent.lost).containsExactly(LostConnection.GAVE_WAY);
    for (Socket client : List.of(second, elsewhere, third)) {
      assertThat(ask(client)).endsWith("hello");
    }
  }

  @Test
  void whereAllOfAnAppAreBusyNoMoreAreTaken() throws Exception {
    agentWith(2, 100);
    Serving shop = agent.serve("shop", this::answerLater);
    busy(shop);
    busy(shop);

    Socket third = client(shop);

    assertThat(AnAgent.readAll(third)).isEmpty();
    assertThat(agent.lost).containsExactly(LostConnection.APP_FULL);
    assertThat(ask(client(agent.serve("other", this::answerAtOnce)))).endsWith("hello");
  }

  @Test
  void noAppHasAllConnectionsOfAnAgent() throws Exception {
    agentWith(100, 4);
    Serving shop = agent.serve("shop", this::answerLater);
    busy(shop);
    busy(shop);

    Socket third = client(shop);

    assertThat(AnAgent.readAll(third)).isEmpty();
    assertThat(agent.lost).containsExactly(LostConnection.AGENT_FULL);
    busy(agent.serve("other", this::answerLater));
    busy(agent.serve("third", this::answerLater));
    Serving fourth = agent.serve("fourth", this::answerLater);
    assertThat(AnAgent.readAll(client(fourth))).isEmpty();
    assertThat(agent.lost).containsExactly(LostConnection.AGENT_FULL, LostConnection.AGENT_FULL);
  }

  @Test
  void anAppWithoutAnyIsMadeRoomForByTheOneThatHasTheMost() throws Exception {
    agentWith(100, 4);
    Serving shop = agent.serve("shop", this::answerAtOnce);
    Socket oldest = answered(shop);
    Socket second = answered(shop);
    Socket other = answered(agent.serve("other", this::answerAtOnce));
    Socket third = answered(agent.serve("third", this::answerAtOnce));

    Socket newcomer = answered(agent.serve("fourth", this::answerAtOnce));

    assertThat(AnAgent.readAll(oldest)).isEmpty();
    assertThat(agent.lost).containsExactly(LostConnection.GAVE_WAY);
    for (Socket client : List.of(second, other, third, newcomer)) {
      assertThat(ask(client)).endsWith("hello");
    }
  }

  @Test
  void aConnectionThatEndsLeavesItsPlace() throws Exception {
    agentWith(1, 100);
    Serving shop = agent.serve("shop", this::answerLater);
    Socket first = client(shop);
    AnAgent.send(first, AnAgent.GET);
    await().until(() -> begun.get() == 1);

    first.close();

    await().until(() -> agent.left.get() == 1);
    go.countDown();
    await().until(() -> ask(client(shop)).endsWith("hello"));
  }

  private void agentWith(int connectionsPerApp, int connections) {
    agent =
        new AnAgent(
            AnAgent.settings(
                AnAgent.LONG, AnAgent.LONG, connectionsPerApp, connections, 1_000, 1_000));
  }

  private Outcome answerAtOnce(HttpRequest request, HttpResponse response) throws IOException {
    return AnAgent.answer(response, "hello");
  }

  private Outcome answerLater(HttpRequest request, HttpResponse response)
      throws IOException, InterruptedException {
    begun.incrementAndGet();
    go.await();
    return AnAgent.answer(response, "hello");
  }

  private Socket client(Serving app) throws IOException {
    Socket client = AnAgent.connect(app);
    clients.add(client);
    return client;
  }

  private Socket answered(Serving app) throws IOException {
    Socket client = client(app);
    assertThat(ask(client)).endsWith("hello");
    return client;
  }

  private void busy(Serving app) throws IOException {
    int before = begun.get();
    AnAgent.send(client(app), AnAgent.GET);
    await().until(() -> begun.get() == before + 1);
  }

  private static String ask(Socket client) throws IOException {
    AnAgent.send(client, AnAgent.GET);
    return AnAgent.readUntil(client, "hello");
  }
}
