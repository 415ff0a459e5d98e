package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.testing.FakeGuest;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that are longer than they may be, that never end, or that come slowly. */
class BodiesTest {
  private static final long GIGABYTE = 1_000_000_000;
  private static final Duration SHORT = Duration.ofMillis(300);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger asked = new AtomicInteger();
  private AnAgent agent = new AnAgent();

  @AfterEach
  void close() {
    agent.close();
    client.close();
  }

  @Test
  void aBodyThatSaysItIsTooLongIsRefusedBeforeItIsSent() throws Exception {
    Serving shop = serve(requestsOf(10), this::readAll);
    try (Socket socket = AnAgent.connect(shop)) {
      AnAgent.send(
          socket,
          "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
              + GIGABYTE
              + "\r\n\r\n");

      assertThat(AnAgent.readAll(socket))
          .startsWith("HTTP/1.1 413 ")
          .contains("Connection: close")
          .contains("longer than this app's maxRequestBody");
    }
    assertThat(asked).hasValue(0);
    assertThat(agent.refused).containsExactly("RequestTooLong");
  }

  @Test
  void aClientThatWaitsToBeToldSendsItsBodyWhenItsGuestAsksForIt() throws Exception {
    Serving shop = serve(requestsOf(10), this::readAll);
    try (Socket socket = AnAgent.connect(shop)) {
      AnAgent.send(
          socket,
          "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(AnAgent.readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100 ");

      AnAgent.send(socket, "abc");

      assertThat(AnAgent.readUntil(socket, "3 bytes")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aClientThatSendsAGigabyteAllTheSameReadsWhyItIsNotTaken() throws Exception {
    Serving shop = serve(requestsOf(10), this::readAll);
    Thread sender;
    try (Socket socket = AnAgent.connect(shop)) {
      AnAgent.send(
          socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + GIGABYTE + "\r\n\r\n");
      sender = Thread.ofVirtual().start(() -> flood(socket, GIGABYTE));

      assertThat(AnAgent.readUntil(socket, ")\n")).startsWith("HTTP/1.1 413 ");
    }
    sender.join();
    assertThat(asked).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aBodyThatBecomesTooLongIsRefusedThen(Version version) throws Exception {
    Serving shop = serve(requestsOf(100_000), this::readAll);

    assertThat(post(shop, version, streamed(100_001)).statusCode()).isEqualTo(413);
    assertThat(post(shop, version, streamed(100_000)).body()).isEqualTo("100000 bytes");
    assertThat(post(shop, version, BodyPublishers.ofByteArray(new byte[100_001])).statusCode())
        .isEqualTo(413);
    assertThat(agent.refused).containsExactly("RequestTooLong", "RequestTooLong");
  }

  @Test
  void aGuestThatGoesOnWithoutItsBodyIsEnded() throws Exception {
    Serving shop =
        serve(
            requestsOf(10),
            (request, response) -> {
              try {
                return readAll(request, response);
              } catch (IOException e) {
                Thread.sleep(AnAgent.LONG); // till it is interrupted
                return AnAgent.WELL;
              }
            });

    assertThat(post(shop, Version.HTTP_1_1, streamed(11)).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void anAnswerThatSaysItIsTooLongIsNotSent(Version version) throws Exception {
    Serving shop =
        serve(
            answersOf(10),
            (request, response) -> {
              var length = new HttpHeader("Content-Length", "11");
              response.begin(200, List.of(length)).write(new byte[11]);
              return AnAgent.WELL;
            });

    var answer = post(shop, version, BodyPublishers.noBody());

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).startsWith("the app's answer is longer than its maxResponseBody");
    assertThat(agent.refused).containsExactly("AnswerTooLong");
    assertThat(agent.log.toString(UTF_8)).contains("longer than 10 bytes (maxResponseBody)");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void anAnswerWhoseFirstBytesAreTooManyIsNotSent(Version version) throws Exception {
    Serving shop =
        serve(
            answersOf(10),
            (request, response) -> {
              response.begin(200, List.of()).write(new byte[11]);
              return AnAgent.WELL;
            });

    assertThat(post(shop, version, BodyPublishers.noBody()).statusCode()).isEqualTo(502);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void anAnswerThatBecomesTooLongBreaks(Version version) throws Exception {
    Serving shop =
        serve(
            answersOf(100_000),
            (request, response) -> {
              var body = response.begin(200, List.of());
              for (int sent = 0; sent <= 100_000; sent += 1_000) {
                body.write(new byte[1_000]);
              }
              return AnAgent.WELL;
            });

    assertThatThrownBy(() -> post(shop, version, BodyPublishers.noBody()))
        .isInstanceOf(IOException.class);
    await()
        .untilAsserted(
            () -> assertThat(agent.log.toString(UTF_8)).contains("longer than 100000 bytes"));
  }

  @Test
  void anAnswerThatIsAsLongAsItMayBeIsWhole() throws Exception {
    Serving shop =
        serve(
            answersOf(10),
            (request, response) -> {
              response.begin(200, List.of()).write(new byte[10]);
              return AnAgent.WELL;
            });

    assertThat(post(shop, Version.HTTP_1_1, BodyPublishers.noBody()).body()).hasSize(10);
  }

  @Test
  void aBodyThatComesTooSlowlyIsAnswered408() throws Exception {
    agent.close();
    agent = new AnAgent(AnAgent.settings(SHORT, AnAgent.LONG, 100, 100, 100, 100));
    Serving shop = serve(requestsOf(Bounds.NONE), this::readAll);
    for (String head : List.of("Content-Length: 100", "Transfer-Encoding: chunked")) {
      try (Socket socket = AnAgent.connect(shop)) {
        AnAgent.send(socket, "POST / HTTP/1.1\r\nHost: x\r\n" + head + "\r\n\r\n");

        assertThat(AnAgent.readUntil(socket, ")\n")).startsWith("HTTP/1.1 408 ");
        assertThat(AnAgent.readAll(socket)).isEmpty();
      }
    }
    assertThat(agent.refused).containsExactly("RequestTooSlow", "RequestTooSlow");
  }

  @Test
  void aBodyThatIsNotThereWhenTheTimeIsOverIsAnswered504() throws Exception {
    Serving shop = agent.serve("shop", 1, SHORT, Bounds.of(1), this::readAll);
    try (Socket socket = AnAgent.connect(shop)) {
      AnAgent.send(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab");

      assertThat(AnAgent.readUntil(socket, ")\n")).startsWith("HTTP/1.1 504 ");
    }
  }

  @Test
  void aClientThatLeavesWithinItsBodyIsNoFailureOfTheApp() throws Exception {
    Serving shop = serve(requestsOf(Bounds.NONE), this::readAll);
    try (Socket socket = AnAgent.connect(shop)) {
      AnAgent.send(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab");
      await().until(() -> asked.get() == 1);
    }

    await().until(() -> agent.left.get() == 1);
    assertThat(agent.refused).isEmpty();
  }

  @Test
  void aBodyThatNobodyReadsIsLeftOutUpToABound() throws Exception {
    Serving shop =
        serve(requestsOf(Bounds.NONE), (request, response) -> AnAgent.answer(response, "not read"));
    try (Socket socket = AnAgent.connect(shop)) {
      String request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";
      for (int i = 0; i < 10; i++) {
        AnAgent.send(socket, request + "a".repeat(60_000));

        assertThat(AnAgent.readUntil(socket, "not read")).startsWith("HTTP/1.1 200 ");
      }
    }
    try (Socket socket = AnAgent.connect(shop)) {
      AnAgent.send(socket, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> floodChunks(socket));

      assertThat(AnAgent.readUntil(socket, "not read")).startsWith("HTTP/1.1 200 ");

      sender.join(); // it ends as the other side does not take any more
    }
  }

  private Serving serve(Bounds bounds, FakeGuest.Script script) {
    return agent.serve("shop", 16, AnAgent.TIMEOUT, bounds, script);
  }

  private static Bounds requestsOf(long bytes) {
    return new Bounds(100, bytes, Bounds.NONE);
  }

  private static Bounds answersOf(long bytes) {
    return new Bounds(100, Bounds.NONE, bytes);
  }

  private Outcome readAll(
      dev.dunlin.engine.HttpRequest request, dev.dunlin.engine.HttpResponse response)
      throws IOException {
    asked.incrementAndGet();
    long bytes = 0;
    try (InputStream body = request.body()) {
      for (var part = body.readNBytes(10_000); part.length > 0; part = body.readNBytes(10_000)) {
        bytes += part.length;
      }
    }
    return AnAgent.answer(response, bytes + " bytes");
  }

  private HttpResponse<String> post(Serving app, Version version, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(AnAgent.uri(app)).version(version).POST(body).build(),
        BodyHandlers.ofString());
  }

  /** Of a length that is not said before. */
  private static HttpRequest.BodyPublisher streamed(int bytes) {
    return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[bytes]));
  }

  private static void flood(Socket socket, long bytes) {
    var part = new byte[1 << 16];
    try {
      for (long sent = 0; sent < bytes; sent += part.length) {
        socket.getOutputStream().write(part);
      }
    } catch (IOException e) {
      assertThat(e).as("nobody reads it").isInstanceOf(SocketException.class);
    }
  }

  private static void floodChunks(Socket socket) {
    byte[] chunk = ("4000\r\n" + "a".repeat(0x4000) + "\r\n").getBytes(UTF_8);
    boolean taken = true;
    while (taken) {
      try {
        socket.getOutputStream().write(chunk);
      } catch (IOException e) {
        taken = false;
      }
    }
  }
}
