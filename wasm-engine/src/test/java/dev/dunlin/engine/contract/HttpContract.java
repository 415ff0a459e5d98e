package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpGuest.BadResponseException;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Outcome.Cancelled;
import dev.dunlin.engine.Outcome.CpuTimeExceeded;
import dev.dunlin.engine.Outcome.DeadlineExceeded;
import dev.dunlin.engine.Outcome.Exited;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command that answers HTTP by the CGI convention. */
@Timeout(60)
public abstract class HttpContract extends EngineContract {
  private Module module;
  private HttpGuest guest;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void openGuest() {
    module = shared("cgi");
    guest = guest(Limits.defaults());
  }

  @AfterEach
  void closeGuest() {
    guest.close();
  }

  private HttpSettings settings() {
    return new HttpSettings(OutputStream.nullOutputStream(), err);
  }

  private HttpGuest guest(Limits limits) {
    var env = Map.of("APP_COLOUR", "blue", "HTTP_PROXY", "http://evil");
    return module.http(new Grants(List.of("app"), env, List.of()), limits, settings());
  }

  private static HttpRequest get(String path, String query, HttpHeader... headers) {
    return request("GET", path, query, InputStream.nullInputStream(), headers);
  }

  private static HttpRequest request(
      String method, String path, String query, InputStream body, HttpHeader... headers) {
    return new HttpRequest(
        method, "http", "app.test:8080", path, query, List.of(headers), body, "192.0.2.7");
  }

  private Answered ask(HttpRequest request) throws InterruptedException {
    var answered = new Answered();
    answered.outcome = guest.answer(request, answered);
    return answered;
  }

  @Test
  void theRequestComesAsVariables() throws Exception {
    var answered =
        ask(
            get(
                "/env",
                "a=1&b=%20",
                new HttpHeader("user-agent", "test/1"),
                new HttpHeader("accept", "text/html"),
                new HttpHeader("accept", "text/plain"),
                new HttpHeader("cookie", "a=1"),
                new HttpHeader("cookie", "b=2"),
                new HttpHeader("content-type", "text/x"),
                new HttpHeader("connection", "close"),
                new HttpHeader("x_under_score", "spoof"),
                new HttpHeader("proxy", "http://evil")));

    assertThat(answered.text().lines())
        .contains(
            "APP_COLOUR=blue",
            "GATEWAY_INTERFACE=CGI/1.1",
            "REQUEST_METHOD=GET",
            "PATH_INFO=/env",
            "QUERY_STRING=a=1&b=%20",
            "SCRIPT_NAME=",
            "SERVER_NAME=app.test",
            "SERVER_PORT=8080",
            "SERVER_PROTOCOL=HTTP/1.1",
            "REMOTE_ADDR=192.0.2.7",
            "CONTENT_TYPE=text/x",
            "CONTENT_LENGTH=0",
            "X_FULL_URL=http://app.test:8080/env?a=1&b=%20",
            "HTTP_HOST=app.test:8080",
            "HTTP_USER_AGENT=test/1",
            "HTTP_ACCEPT=text/html, text/plain",
            "HTTP_COOKIE=a=1; b=2")
        .noneMatch(line -> line.contains("PROXY"))
        .noneMatch(line -> line.contains("spoof"))
        .noneMatch(line -> line.startsWith("HTTP_CONNECTION"));
  }

  @Test
  void theQueryComesAsArgumentsToo() throws Exception {
    assertThat(ask(get("/args", "greet=matt&-x")).text()).isEqualTo("/args\ngreet=matt\n-x\n");
  }

  @Test
  void anAppWithArgumentsOfItsOwnGetsJustThose() throws Exception {
    try (var withArgs =
        module.http(
            new Grants(List.of("app", "--fast"), Map.of(), List.of()),
            Limits.defaults(),
            settings())) {
      var answered = new Answered();
      withArgs.answer(get("/args", "x=1"), answered);

      assertThat(answered.text()).isEqualTo("app\n--fast\n");
    }
  }

  @Test
  void theBodyGoesThroughUnchanged() throws Exception {
    var body = "line\r\n\r\n\0\u00ff".repeat(30_000);
    var bytes = body.getBytes(StandardCharsets.ISO_8859_1);

    var answered = ask(request("POST", "/echo", "", new java.io.ByteArrayInputStream(bytes)));

    assertThat(answered.outcome).isEqualTo(new Exited(0));
    assertThat(answered.status).isEqualTo(200);
    assertThat(answered.headers)
        .containsExactly(
            new HttpHeader("Content-Type", "application/octet-stream"),
            new HttpHeader("X-Twice", "a"),
            new HttpHeader("X-Twice", "b"));
    assertThat(answered.body.toByteArray()).isEqualTo(bytes);
    assertThat(answered.closed).isTrue();
  }

  @Test
  void theGuestSetsStatusAndLocation() throws Exception {
    assertThat(ask(get("/status", "")).status).isEqualTo(418);
    assertThat(ask(get("/none", "")).status).isEqualTo(404);

    var redirect = ask(get("/redirect", ""));

    assertThat(redirect.status).isEqualTo(302);
    assertThat(redirect.headers).containsExactly(new HttpHeader("Location", "/elsewhere"));
  }

  @Test
  void theAnswerBeginsBeforeTheGuestEnds() throws Exception {
    var in = new PipedInputStream();
    var thread = new Thread();
    var answered = new Answered();
    try (var body = new PipedOutputStream(in)) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  answered.outcome =
                      guest.answer(request("POST", "/first-then-wait", "", in), answered);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> answered.text().equals("first"));
      body.write("second".getBytes(StandardCharsets.UTF_8));
    }
    thread.join();

    assertThat(answered.text()).isEqualTo("firstsecond");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nothing      | found nothing",
        "/nonsense     | hello, world",
        "/bad-status   | fine",
        "/injection    | control characters",
        "/long-headers | at most"
      })
  void whatIsNoAnswerIsSaidToBeNone(String path, String words) {
    var answered = new Answered();

    assertThatThrownBy(() -> guest.answer(get(path, ""), answered))
        .isInstanceOf(BadResponseException.class)
        .hasMessageContaining("expected")
        .hasMessageContaining(words);
    assertThat(answered.status).isZero();
  }

  @Test
  void aGuestThatFailsBeforeItsAnswerLeavesTheAnswerToTheCaller() throws Exception {
    var crashed = ask(get("/crash", ""));

    assertThat(crashed.outcome).isInstanceOf(Outcome.Trapped.class);
    assertThat(crashed.status).isZero();
  }

  @Test
  void aGuestThatFailsWithinItsAnswerLeavesItOpen() throws Exception {
    var late = ask(get("/crash-late", ""));

    assertThat(late.outcome).isInstanceOf(Outcome.Trapped.class);
    assertThat(late.text()).isEqualTo("begun");
    assertThat(late.closed).isFalse();
    assertThat(ask(get("/exit", "")).outcome).isEqualTo(new Exited(5));
  }

  @Test
  void theDeadlineIsPerRequest() throws Exception {
    guest.close();
    guest = guest(Limits.defaults().withDeadline(Duration.ofSeconds(2)));

    assertThat(ask(get("/hang", "")).outcome)
        .isEqualTo(new DeadlineExceeded(Duration.ofSeconds(2)));
    assertThat(ask(get("/status", "")).outcome).isEqualTo(new Exited(0));
  }

  @Test
  void theLimitOfCpuTimeIsPerRequest() throws Exception {
    guest.close();
    guest = guest(Limits.defaults().withCpuTime(Duration.ofSeconds(1)));

    assertThat(ask(get("/hang", "")).outcome).isEqualTo(new CpuTimeExceeded(Duration.ofSeconds(1)));
    assertThat(ask(get("/status", "")).outcome).isEqualTo(new Exited(0));
  }

  @Test
  void aClientThatGoesEndsItsGuest() throws Exception {
    HttpResponse gone =
        (status, headers) ->
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("connection reset");
              }
            };

    assertThat(guest.answer(get("/flood", ""), gone)).isEqualTo(new Cancelled());
  }

  @Test
  void aSlowClientHoldsTheGuestBack() throws Exception {
    var source = new PipedInputStream();
    try (var client = new PipedOutputStream(source)) {
      var thrown = new CompletableFuture<@Nullable Throwable>();
      var thread =
          Thread.ofPlatform()
              .start(() ->
                  thrown.complete(
                      catchThrowable(() -> guest.answer(get("/flood", ""), (s, h) -> client))));
      await().until(() -> source.available() >= 1024);
      long used = guest.usage().memoryBytes();
      thread.interrupt();

      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      assertThat(used).isPositive();
      assertThat(guest.usage().memoryBytes()).isZero();
    }
  }

  @Test
  void closingTheGuestEndsItsRequests() throws Exception {
    var answer =
        CompletableFuture.supplyAsync(() -> {
          try {
            return guest.answer(get("/hang", ""), new Answered());
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    await().until(() -> guest.usage().memoryBytes() > 0);
    guest.close();

    assertThat(answer.get()).isEqualTo(new Cancelled());
    assertThatThrownBy(() -> ask(get("/status", ""))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theGuestCountsWhatItsRequestsUsed() throws Exception {
    ask(get("/status", ""));

    assertThat(guest.usage().cpu()).isPositive();
    assertThat(guest.usage().memoryBytes()).isZero();
  }

  /** What a client would have seen. */
  private static final class Answered implements HttpResponse {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<HttpHeader> headers = new ArrayList<>();
    private volatile int status;
    private volatile boolean closed;
    private volatile @Nullable Outcome outcome;

    @Override
    public OutputStream begin(int code, List<HttpHeader> lines) {
      assertThat(status).as("begun once").isZero();
      status = code;
      headers.addAll(lines);
      return new java.io.FilterOutputStream(body) {
        @Override
        public void write(byte[] bytes, int offset, int length) {
          body.write(bytes, offset, length);
        }

        @Override
        public void close() {
          closed = true;
        }
      };
    }

    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }
  }
}
