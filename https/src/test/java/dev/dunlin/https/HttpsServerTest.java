package dev.dunlin.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpsServerTest {
  private final AtomicReference<Identity> identity = new AtomicReference<>(identity());
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final CountDownLatch gone = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init")
  private HttpsServer server;

  private static Identity identity() {
    return Identity.selfSigned("test", List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
  }

  @BeforeEach
  void listen() throws IOException {
    server =
        new HttpsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            2,
            identity::get,
            this::answer);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void answer(Request request, Response response) throws IOException {
    switch (request.path().getFirst()) {
      case "echo" -> response.send(200, request.path() + " " + request.query().get("q"));
      case "follow" -> follow(response);
      case "fault" -> throw new IllegalStateException("on purpose");
      default -> response.send(404, "nothing here\n");
    }
  }

  private void follow(Response response) throws IOException {
    var thread = Thread.currentThread();
    try (OutputStream out =
        response.stream(
            200,
            "text/plain",
            () -> {
              gone.countDown();
              thread.interrupt();
            })) {
      for (String line = lines.take(); !line.isEmpty(); line = lines.take()) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      throw new IOException("the client has gone", e);
    }
  }

  @Test
  void answersWhatIsAskedOnOneConnection() throws Exception {
    try (HttpClient client = client(identity.get().fingerprint())) {
      assertThat(get(client, "/echo/a%2Fb/c?q=1&q=x%20y").body())
          .isEqualTo("[echo, a/b, c] [1, x y]");
      assertThat(get(client, "/none").statusCode()).isEqualTo(404);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void whatIsFlushedArrivesBeforeTheAnswerEnds() throws Exception {
    try (HttpClient client = client(identity.get().fingerprint());
        BufferedReader answer = follow(client)) {
      lines.add("one");
      assertThat(answer.readLine()).isEqualTo("one");
      lines.add("two");
      assertThat(answer.readLine()).isEqualTo("two");
      lines.add("");
      assertThat(answer.readLine()).isNull();
    }
  }

  @Test
  void aClientThatGoesIsSeenWhileThereIsNothingToWrite() throws Exception {
    try (HttpClient client = client(identity.get().fingerprint())) {
      BufferedReader answer = follow(client);
      lines.add("one");
      assertThat(answer.readLine()).isEqualTo("one");

      answer.close();
      client.shutdownNow();

      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
      await().until(() -> server.connections() == 0);
    }
  }

  @Test
  void aServerWithAnotherCertificateIsNotSpokenTo() {
    try (HttpClient client = client(identity().fingerprint())) {
      assertThatThrownBy(() -> get(client, "/echo"))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("expected the certificate with SHA-256");
    }
  }

  @Test
  void newConnectionsSeeANewCertificate() throws Exception {
    Identity next = identity();
    identity.set(next);

    try (HttpClient client = client(next.fingerprint())) {
      assertThat(get(client, "/echo").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatItDoesNotAnswerIsRefused() throws Exception {
    try (HttpClient client = client(identity.get().fingerprint())) {
      assertThat(status(client, request("/echo").DELETE())).isEqualTo(405);
      assertThat(status(client, request("/a/%2e%2e/echo"))).isEqualTo(400);
      assertThat(status(client, request("/fault"))).isEqualTo(500);
    }
  }

  @Test
  void connectionsBeyondItsMostAreClosed() throws Exception {
    try (HttpClient first = client(identity.get().fingerprint());
        BufferedReader one = follow(first);
        BufferedReader two = follow(first);
        HttpClient third = client(identity.get().fingerprint())) {
      assertThat(server.connections()).isEqualTo(2);

      assertThatThrownBy(() -> get(third, "/echo")).isInstanceOf(IOException.class);

      lines.add("");
      lines.add("");
      assertThat(one.readLine()).isNull();
      assertThat(two.readLine()).isNull();
    }
  }

  private static HttpClient client(String fingerprint) {
    return HttpClient.newBuilder()
        .sslContext(Tls.pinned(fingerprint))
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("https://127.0.0.1:" + server.address().getPort() + path));
  }

  private HttpResponse<String> get(HttpClient client, String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static int status(HttpClient client, HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private BufferedReader follow(HttpClient client) throws Exception {
    var answer =
        client.send(request("/follow").build(), HttpResponse.BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
  }
}
