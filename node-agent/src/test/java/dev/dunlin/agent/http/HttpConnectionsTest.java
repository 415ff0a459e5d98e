package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.Outcome;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients may do with connections, and what they may not. */
class HttpConnectionsTest {
  private static final String HERE = "127.0.0.1";
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final List<LostConnection> lost = new CopyOnWriteArrayList<>();
  private final List<HttpApps> agents = new ArrayList<>();
  private final CountDownLatch slow = new CountDownLatch(1);
  private HttpApps.Channels channels = ServerSocketChannel::open;

  @AfterEach
  void close() {
    slow.countDown();
    agents.forEach(HttpApps::close);
  }

  @Test
  void aConnectionThatSendsNoWholeRequestHeadIsBroken() throws Exception {
    Serving shop = serve(agent(SHORT, LONG, 100, 100), "shop", HttpConnectionsTest::hello);
    var beginnings =
        List.of(
            "",
            "P",
            "GET / HT",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    for (String beginning : beginnings) {
      try (Socket client = connect(shop)) {
        send(client, beginning);

        awaitEnd(client);
      }
    }

    // The client sees its connection end before that is counted.
    await().until(() -> lost.size() == beginnings.size());
    assertThat(lost).containsOnly(LostConnection.SILENT);
  }

  @Test
  void aRequestMayTakeLongerThanItsHead() throws Exception {
    for (var version : HttpClient.Version.values()) {
      var begun = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      Serving shop =
          serve(
              agent(SHORT, SHORT, 100, 100),
              "shop",
              (request, response) -> {
                begun.countDown();
                go.await();
                return hello(request, response);
              });
      try (HttpClient client = HttpClient.newHttpClient();
          Socket later = connect(shop)) {
        var answer =
            client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://" + HERE + ":" + shop.port()))
                    .version(version)
                    .build(),
                BodyHandlers.ofString());
        begun.await();
        try (Socket silent = connect(shop)) {
          awaitEnd(later);
          awaitEnd(silent);
        } finally {
          go.countDown();
        }

        assertThat(answer.get().body()).isEqualTo("hello");
      }
    }
  }

  @Test
  void aConnectionIsClosedWhenItsNextRequestDoesNotComeOrComesByHalf() throws Exception {
    Serving shop = serve(agent(SHORT, SHORT, 100, 100), "shop", HttpConnectionsTest::hello);

    for (String next : List.of("", "GET / HTTP/1.1\r\nHost: ")) {
      try (Socket client = connect(shop)) {
        send(client, GET + next);
        readAnswer(client);

        awaitEnd(client);
      }
    }

    assertThat(lost).isEmpty();
  }

  @Test
  void aPortGoesOnAcceptingAfterAnyFailure() throws Exception {
    var failures =
        List.of(
            new IOException("Too many open files"),
            new IllegalStateException("a fault of ours"),
            new OutOfMemoryError("Java heap space"));
    var left = new ArrayList<Throwable>(failures);
    channels = () -> new ScriptedPort(() -> left.isEmpty() ? null : left.removeFirst(), () -> {});
    Serving shop = serve(agent(LONG, LONG, 100, 100), "shop", HttpConnectionsTest::hello);

    assertThat(isAnswered(shop)).isTrue();

    assertThat(lost).hasSize(failures.size()).containsOnly(LostConnection.NOT_ACCEPTED);
  }

  @Test
  void aPortThatIsSlowToCloseHoldsUpNobodyButItsNextOwner() throws Exception {
    channels = () -> new ScriptedPort(() -> null, slow::await);
    HttpApps agent = agent(LONG, LONG, 100, 100);
    Serving shop = serve(agent, "shop", HttpConnectionsTest::hello);
    channels = ServerSocketChannel::open;
    Serving other = serve(agent, "other", HttpConnectionsTest::hello);
    Thread leaving = Thread.ofVirtual().start(shop::close);
    await().until(() -> agent.ports() == 1);

    Serving third = serve(agent, "third", HttpConnectionsTest::hello);
    other.close();
    var next = new AtomicReference<Serving>();
    Thread joining =
        Thread.ofVirtual()
            .start(() -> next.set(serve(agent, "next", shop.port(), HttpConnectionsTest::hello)));
    await().until(() -> joining.getState() == Thread.State.TIMED_WAITING);

    assertThat(leaving.isAlive()).isTrue();
    assertThat(agent.ports()).isOne();
    assertThat(isAnswered(third)).isTrue();
    slow.countDown();
    leaving.join();
    joining.join();
    assertThat(isAnswered(next.get())).isTrue();
  }

  @Test
  void anHttp2ClientIsAskedToGoWhenTheLastInstanceDrainsAndIsAnsweredUntilItDoes()
      throws Exception {
    HttpApps agent = agent(LONG, LONG, 100, 100);
    Serving shop = serve(agent, "shop", HttpConnectionsTest::hello);
    try (Socket client = connect(shop)) {
      send(client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      client.getOutputStream().write(frame(SETTINGS, 0, 0));
      client.getOutputStream().write(get(1));
      awaitFrame(client, DATA, 1);

      Thread.ofVirtual().start(() -> shop.drain(LONG, LONG));

      ByteBuffer goAway = awaitFrame(client, GO_AWAY, 0);
      assertThat(goAway.getInt()).as("last stream").isEqualTo(Integer.MAX_VALUE);
      assertThat(goAway.getInt()).as("error").isZero();
      client.getOutputStream().write(get(3));
      awaitFrame(client, DATA, 3);
    }
  }

  @Test
  void anHttp2ClientIsAskedToGoByNobodyWhileAnotherInstanceTakesOver() throws Exception {
    HttpApps agent = agent(LONG, LONG, 100, 100);
    Serving old = serve(agent, "shop", HttpConnectionsTest::hello);
    serve(agent, "shop", old.port(), HttpConnectionsTest::hello);
    try (Socket client = connect(old)) {
      send(client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      client.getOutputStream().write(frame(SETTINGS, 0, 0));
      client.getOutputStream().write(get(1));
      awaitFrame(client, DATA, 1);

      old.drain(Duration.ZERO, LONG);
      old.close();

      client.getOutputStream().write(get(3));
      awaitFrame(client, DATA, 3); // fails at a GOAWAY that comes first
    }
  }

  private HttpApps agent(
      Duration requestHead, Duration idle, int connectionsPerApp, int connections) {
    var agent =
        new HttpApps(
            new HttpSettings(
                HERE,
                requestHead,
                idle,
                LONG,
                Duration.ofMillis(20),
                connectionsPerApp,
                new HttpLimits(connections, 1_000, 1_000)),
            new HttpMeter() {
              @Override
              public void answered(AppKey app, int status, long nanos) {}

              @Override
              public void clientLeft(AppKey app) {}

              @Override
              public void connectionLost(AppKey app, LostConnection why) {
                lost.add(why);
              }
            },
            () -> channels.open());
    agents.add(agent);
    return agent;
  }

  private static Serving serve(HttpApps agent, String app, FakeGuest.Script script)
      throws IOException {
    return serve(agent, app, freePort(), script);
  }

  private static Serving serve(HttpApps agent, String app, int port, FakeGuest.Script script) {
    var member =
        new HttpApps.Member(new AppKey("ns", app), app + "-1", "r1", Instant.EPOCH, port, 16, LONG);
    return agent.serve(member, new FakeGuest(script), OutputStream.nullOutputStream());
  }

  private static Outcome hello(
      dev.dunlin.engine.HttpRequest request, dev.dunlin.engine.HttpResponse response)
      throws IOException {
    response.begin(200, List.of()).write("hello".getBytes(UTF_8));
    return new Outcome.Exited(0);
  }

  private static Socket connect(Serving app) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), app.port());
    socket.setSoTimeout(20_000); // fails the test instead of holding it up
    return socket;
  }

  private static boolean isAnswered(Serving app) {
    try (Socket client = connect(app)) {
      return isAnswered(client);
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isAnswered(Socket client) {
    try {
      send(client, GET);
      return readAnswer(client);
    } catch (SocketException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GO_AWAY = 7;

  /** A GET of / as the stream of that number: all in the static table but the authority. */
  private static byte[] get(int stream) {
    return frame(HEADERS, 5, stream, 0x82, 0x86, 0x84, 0x01, 1, 'x');
  }

  private static byte[] frame(int type, int flags, int stream, int... content) {
    ByteBuffer frame = ByteBuffer.allocate(9 + content.length);
    frame.putInt((content.length << 8) | type).put((byte) flags).putInt(stream);
    for (int each : content) {
      frame.put((byte) each);
    }
    return frame.array();
  }

  /** What the next frame of that type holds; fails where it is of another stream, or GOAWAY. */
  private static ByteBuffer awaitFrame(Socket client, int wanted, int wantedStream)
      throws IOException {
    var in = new DataInputStream(client.getInputStream());
    while (true) {
      int head = in.readInt();
      in.readUnsignedByte();
      int stream = in.readInt();
      var content = new byte[head >>> 8];
      in.readFully(content);
      int type = head & 0xFF;
      if (type == wanted) {
        assertThat(stream).isEqualTo(wantedStream);
        return ByteBuffer.wrap(content);
      }
      assertThat(type).as("a frame's type").isNotEqualTo(GO_AWAY);
    }
  }

  private static boolean readAnswer(Socket client) throws IOException {
    var all = new StringBuilder();
    while (all.indexOf("hello") < 0) {
      int next = client.getInputStream().read();
      if (next < 0) {
        return false;
      }
      all.append((char) next);
    }
    return true;
  }

  /** Returns when the other side has closed; fails when it does not. */
  private static void awaitEnd(Socket client) throws IOException {
    try {
      var _ = client.getInputStream().readAllBytes();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket.getLocalPort();
    }
  }
}
