package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that would cost more than they should: what they cost is bounded, in memory and threads.
 */
class HostileClientsTest {
  private static final long MEGABYTE = 1 << 20;
  private static final byte[] PART = new byte[1_000_000];
  private static final Duration SHORT = Duration.ofMillis(300);

  private final AtomicLong taken = new AtomicLong();
  private final List<Socket> clients = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private AnAgent agent;

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    agent.close();
  }

  @Test
  void oneChunkOfAGigabyteIsNotHeldInMemory() throws Exception {
    agent = new AnAgent();
    Serving shop =
        agent.serve("shop", (request, response) -> take(request, response, 1_000_000_000));
    long before = heap();
    Socket client = client(shop);
    AnAgent.send(
        client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3B9ACA00\r\n");
    Thread sender = Thread.ofVirtual().start(() -> flood(client, 1_000_000_000));

    await().atMost(Duration.ofMinutes(1)).until(() -> taken.get() > 500_000_000);
    assertThat(heap() - before).isLessThan(64 * MEGABYTE);

    sender.join();
    AnAgent.send(client, "\r\n0\r\n\r\n");
    assertThat(AnAgent.readUntil(client, "1000000000 bytes")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void bodiesThatNobodyReadsAreNotHeldInMemory() throws Exception {
    agent = new AnAgent(AnAgent.settings(AnAgent.LONG, AnAgent.LONG, 100, 1_000, 100, 1_000));
    Serving shop =
        agent.serve(
            "shop",
            1,
            AnAgent.TIMEOUT,
            Bounds.of(16),
            (request, response) -> {
              Thread.sleep(AnAgent.LONG); // till the client has gone
              return AnAgent.WELL;
            });
    long before = heap();
    var senders = new ArrayList<Thread>();
    for (int i = 0; i < 90; i++) {
      Socket client = client(shop);
      AnAgent.send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
      senders.add(Thread.ofVirtual().start(() -> flood(client, 1_000_000_000)));
    }
    await().until(() -> shop.waiting() == 89);

    // What they send fills the kernel's buffers, and then they wait.
    await().until(() -> senders.stream().noneMatch(it -> it.getState() == Thread.State.RUNNABLE));

    assertThat(heap() - before).isLessThan(64 * MEGABYTE);
    close();
    for (Thread sender : senders) sender.join();
  }

  @Test
  void tenThousandIdleConnectionsAreAsManyAsAnAppMayHave() throws Exception {
    agent = new AnAgent(AnAgent.settings(AnAgent.LONG, AnAgent.LONG, 512, 4_096, 100, 100));
    Serving shop = agent.serve("shop", (request, response) -> AnAgent.answer(response, "hello"));
    long heap = heap();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();

    for (int i = 0; i < 10_000; i++) {
      // Half of them have asked something, the others never do.
      Socket client = client(shop);
      if (i % 2 == 0) {
        AnAgent.send(client, AnAgent.GET);
        assertThat(AnAgent.readUntil(client, "hello")).endsWith("hello");
      }
      if (i >= 2_000) { // the fds of this side
        clients.removeFirst().close();
      }
    }

    await().until(() -> agent.lost.size() + 512 >= 10_000 - 2_000);
    assertThat(agent.lost).containsOnly(LostConnection.GAVE_WAY);
    assertThat(heap() - heap).isLessThan(64 * MEGABYTE);
    assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads).isLessThan(20);
    Socket one = client(shop);
    AnAgent.send(one, AnAgent.GET);
    assertThat(AnAgent.readUntil(one, "hello")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aClientThatDoesNotReadItsAnswerLosesItsConnection() throws Exception {
    agent = new AnAgent(AnAgent.settings(SHORT, AnAgent.LONG, 100, 100, 100, 100));
    var failed = new AtomicLong();
    Serving shop =
        agent.serve(
            "shop",
            (request, response) -> {
              var body = response.begin(200, List.of());
              try {
                while (true) {
                  body.write(new byte[1_000]);
                }
              } catch (IOException e) {
                failed.incrementAndGet();
                throw e;
              }
            });
    Socket client = client(shop);

    AnAgent.send(client, AnAgent.GET);

    await().until(() -> failed.get() == 1);
    await().until(() -> agent.lost.contains(LostConnection.NOT_READING));
  }

  @Test
  void aClientThatReadsSlowlyIsServedAsLongAsItReads() throws Exception {
    agent = new AnAgent(AnAgent.settings(Duration.ofSeconds(2), AnAgent.LONG, 100, 100, 100, 100));
    int length = 20_000_000;
    Serving shop =
        agent.serve(
            "shop",
            (request, response) -> {
              response.begin(200, List.of()).write("a".repeat(length).getBytes(UTF_8));
              return AnAgent.WELL;
            });
    Socket client = client(shop);
    AnAgent.send(client, AnAgent.GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));

    long read = 0;
    InputStream in = client.getInputStream();
    for (byte[] part = in.readNBytes(1_000_000); part.length > 0; part = in.readNBytes(1_000_000)) {
      read += part.length;
      Thread.sleep(100);
    }

    assertThat(read).isGreaterThan(length);
    assertThat(agent.lost).isEmpty();
  }

  @Test
  void manyRequestsAtOnceOnOneConnectionAreAnsweredInOrder() throws Exception {
    agent = new AnAgent();
    Serving shop =
        agent.serve("shop", (request, response) -> AnAgent.answer(response, request.path() + ";"));
    Socket client = client(shop);
    int count = 20_000;
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < count; i++) {
                send(client, "GET /" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
              }
            });

    InputStream in = client.getInputStream();
    var all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String last = "/" + i + ";";
      while (all.indexOf(last) < 0) {
        var part = new byte[8_192];
        int read = in.read(part);
        assertThat(read).isPositive();
        all.append(new String(part, 0, read, UTF_8));
      }
      all.delete(0, all.indexOf(last) + last.length());
    }
    sender.join();
  }

  private Outcome take(HttpRequest request, HttpResponse response, long bytes) throws IOException {
    var part = new byte[1 << 16];
    InputStream body = request.body();
    for (int read = body.read(part); read >= 0; read = body.read(part)) {
      taken.addAndGet(read);
    }
    assertThat(taken).hasValue(bytes);
    return AnAgent.answer(response, taken + " bytes");
  }

  private Socket client(Serving app) throws IOException {
    Socket client = AnAgent.connect(app);
    clients.add(client);
    return client;
  }

  private static void flood(Socket client, int bytes) {
    try {
      for (int sent = 0; sent < bytes; sent += PART.length) {
        client.getOutputStream().write(PART);
      }
    } catch (IOException e) {
      assertThat(e).as("it is broken at the end").isInstanceOf(SocketException.class);
    }
  }

  private static void send(Socket client, String text) {
    try {
      AnAgent.send(client, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is in use of it once all has gone that may. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
