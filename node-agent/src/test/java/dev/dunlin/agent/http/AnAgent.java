package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The ports of an agent with guests that do as a test says, and what it has counted. */
final class AnAgent implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(5);
  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final Outcome WELL = new Outcome.Exited(0);
  static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  final List<String> refused = new CopyOnWriteArrayList<>();
  final List<LostConnection> lost = new CopyOnWriteArrayList<>();
  final AtomicInteger left = new AtomicInteger();
  final ByteArrayOutputStream log = new ByteArrayOutputStream();
  final HttpApps apps;

  AnAgent(HttpSettings settings) {
    this.apps = new HttpApps(settings, new Counts(), ServerSocketChannel::open);
  }

  /** With room for everybody. */
  AnAgent() {
    this(settings(LONG, LONG, 100, 100, 1_000, 1_000));
  }

  static HttpSettings settings(
      Duration patience,
      Duration idle,
      int connectionsPerApp,
      int connections,
      int requests,
      int queued) {
    return new HttpSettings(
        "127.0.0.1",
        patience,
        idle,
        LONG,
        Duration.ofMillis(20),
        connectionsPerApp,
        new HttpLimits(connections, requests, queued));
  }

  Serving serve(String app, FakeGuest.Script script) {
    return serve(app, 16, TIMEOUT, Bounds.of(16), script);
  }

  Serving serve(
      String app, int maxConcurrency, Duration timeout, Bounds bounds, FakeGuest.Script script) {
    var member =
        new HttpApps.Member(
            new AppKey("ns", app),
            app + "-1",
            "r1",
            Instant.EPOCH,
            0,
            maxConcurrency,
            timeout,
            OptionalInt.empty(),
            bounds);
    return apps.serve(member, new FakeGuest(script), log);
  }

  static Outcome answer(HttpResponse response, String text) throws IOException {
    response.begin(200, List.of()).write(text.getBytes(UTF_8));
    return WELL;
  }

  static URI uri(Serving app) {
    return URI.create("http://127.0.0.1:" + app.port() + "/");
  }

  static Socket connect(Serving app) throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), app.port());
    socket.setSoTimeout(20_000); // fails the test instead of holding it up
    return socket;
  }

  static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** All that comes until the other side closes. */
  static String readAll(Socket client) throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      for (int next = client.getInputStream().read();
          next >= 0;
          next = client.getInputStream().read()) {
        all.write(next);
      }
    } catch (SocketException e) {
      all.writeBytes("(reset)".getBytes(UTF_8));
    }
    return all.toString(UTF_8);
  }

  /** What comes up to and with that text; less where the other side closes before. */
  static String readUntil(Socket client, String text) throws IOException {
    var all = new StringBuilder();
    while (all.indexOf(text) < 0) {
      int next = client.getInputStream().read();
      if (next < 0) {
        break;
      }
      all.append((char) next);
    }
    return all.toString();
  }

  @Override
  public void close() {
    apps.close();
  }

  private final class Counts implements HttpMeter {
    @Override
    public void answered(AppKey app, int status, long nanos) {}

    @Override
    public void clientLeft(AppKey app) {
      left.incrementAndGet();
    }

    @Override
    public void connectionLost(AppKey app, LostConnection why) {
      lost.add(why);
    }

    @Override
    public void refused(AppKey app, String reason) {
      refused.add(reason);
    }
  }
}
