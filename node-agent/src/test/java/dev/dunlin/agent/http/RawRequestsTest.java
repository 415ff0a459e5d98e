package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no HTTP client sends, and what comes of it. */
class RawRequestsTest {
  private static final String HOST = "Host: x\r\n";
  private static final String END = "\r\n";
  private static final String OK = "200";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private final AnAgent agent = new AnAgent();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private Serving echo;

  @BeforeEach
  void anAppThatSaysWhatItIsAskedFor() {
    echo =
        agent.serve(
            "echo",
            (request, response) -> {
              String body = new String(request.body().readAllBytes(), UTF_8);
              seen.add(request.method() + " " + request.authority() + " " + request.path());
              return AnAgent.answer(response, "<" + body + ">");
            });
  }

  @AfterEach
  void close() {
    agent.close();
  }

  /**
   * A case.
   *
   * @param sent bytes, one a character
   * @param statuses of the answers, in order; none: the connection closes without one
   */
  record Case(String what, String sent, List<String> statuses) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static final List<Case> CASES = new ArrayList<>();

  private static void add(String what, String sent, String... statuses) {
    CASES.add(new Case(what, sent, List.of(statuses)));
  }

  static Stream<Case> cases() {
    return CASES.stream();
  }

  private static String get(String fields) {
    return "GET / HTTP/1.1\r\n" + HOST + fields + END;
  }

  private static String post(String fields, String body) {
    return "POST / HTTP/1.1\r\n" + HOST + fields + END + body;
  }

  private static String chunked(String body) {
    return post("Transfer-Encoding: chunked\r\n", body);
  }

  static {
    add("a request", get(""), OK);
    add("two at once", get("") + get(""), OK, OK);
    add("one after the last", get("Connection: close\r\n") + get(""), OK);
    add(
        "five at once, with bodies",
        post("Content-Length: 2\r\n", "ab").repeat(5),
        OK,
        OK,
        OK,
        OK,
        OK);
    // The first line.
    add("nothing", "");
    add("half a line", "GET / HT");
    add("an empty line", END, "400");
    add("no version (HTTP/0.9)", "GET /\r\n", "400");
    add("HTTP/1.0", "GET / HTTP/1.0\r\n" + END, "505");
    add("HTTP/3.0", "GET / HTTP/3.0\r\n" + HOST + END, "400");
    add("HTTP/1.2", "GET / HTTP/1.2\r\n" + HOST + END, "400");
    add("another protocol's name", "GET / http/1.1\r\n" + HOST + END, "400");
    add("one word", "HELLO\r\n" + END, "400");
    add("a word too many", "GET / x HTTP/1.1\r\n" + HOST + END, "400");
    add("two spaces", "GET  / HTTP/1.1\r\n" + HOST + END, "400");
    add(
        "bytes of TLS",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "400");
    add("a line that ends with LF alone", "GET / HTTP/1.1\nHost: x\n\n", "400");
    add("a CR within the line", "GET /\ra HTTP/1.1\r\n" + HOST + END, "400");
    add("a NUL within the line", "GET /\0 HTTP/1.1\r\n" + HOST + END, "400");
    add("a target of 100 KB", "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n" + HOST + END, "414");
    add("a target of 8,000 bytes", "GET /" + "a".repeat(7_999) + " HTTP/1.1\r\n" + HOST + END, OK);
    add("a line without an end", "A".repeat(1 << 20), "414");
    // Methods and forms of target.
    add("CONNECT", "CONNECT example.com:443 HTTP/1.1\r\n" + HOST + END, "405");
    add("TRACE", "TRACE / HTTP/1.1\r\n" + HOST + END, "405");
    add("a method of one's own", "BREW / HTTP/1.1\r\n" + HOST + END, OK);
    add("a target with a host", "GET http://other/a?b HTTP/1.1\r\n" + HOST + END, OK);
    add("a target that is no path", "GET a HTTP/1.1\r\n" + HOST + END, "400");
    add("OPTIONS of the server", "OPTIONS * HTTP/1.1\r\n" + HOST + END, OK);
    // Header fields.
    add("no Host", "GET / HTTP/1.1\r\n" + END, "400");
    add("two Hosts", get("Host: y\r\n"), "400");
    add("a field without a colon", get("nonsense\r\n"), "400");
    add("a field without a name", get(": x\r\n"), "400");
    add("a space before the colon", get("X : y\r\n"), "400");
    add("a field that goes on in the next line", get("X: a\r\n b\r\n"), "400");
    add("a NUL in a value", get("X: a\0b\r\n"), "400");
    add("a CR in a value", get("X: a\rb\r\n"), "400");
    add("an LF in a value", get("X: a\nEvil: b\r\n"), "400");
    add("a NUL in a name", get("X\0: a\r\n"), "400");
    add("a field of 1 MB", get("X: " + "a".repeat(1 << 20) + "\r\n"), "431");
    add("a name of 1 MB", get("a".repeat(1 << 20) + ": x\r\n"), "431");
    add("10,000 fields", get("X-Many: a\r\n".repeat(10_000)), "431");
    add("1,000 fields", get("X: a\r\n".repeat(1_000)), OK);
    // Where a body ends.
    add(
        "a length and chunks",
        post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + get("")),
        "400");
    add(
        "chunks and a length",
        post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + get("")),
        "400");
    add("two lengths", post("Content-Length: 2\r\nContent-Length: 30\r\n", "ab" + get("")), "400");
    add("two lengths in one field", post("Content-Length: 2, 30\r\n", "ab" + get("")), "400");
    add("a negative length", post("Content-Length: -1\r\n", ""), "400");
    add("a length with a sign", post("Content-Length: +2\r\n", "ab"), "400");
    add("a length that is no number", post("Content-Length: 0x2\r\n", "ab"), "400");
    add(
        "a length beyond all numbers",
        post("Content-Length: " + "9".repeat(30) + "\r\n", "ab"),
        "400");
    add("an encoding that is not known", post("Transfer-Encoding: gzip\r\n", "ab"), "400");
    add(
        "an encoding beside chunks",
        post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
        "501");
    add("chunks twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), "400");
    add(
        "an encoding that looks like chunks",
        post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        "400");
    add("an encoding with a tab", post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n"), OK);
    // Chunks.
    add("chunks", chunked("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n") + get(""), OK, OK);
    add("a chunk's extension", chunked("2;a=b\r\nab\r\n0\r\n\r\n") + get(""), OK, OK);
    add("a trailer", chunked("2\r\nab\r\n0\r\nX: y\r\n\r\n") + get(""), OK, OK);
    add("10,000 trailers", chunked("2\r\nab\r\n0\r\n" + "X: y\r\n".repeat(10_000) + END), "400");
    add(
        "a chunk of 100,000 bytes",
        chunked("186a0\r\n" + "a".repeat(100_000) + "\r\n0\r\n\r\n") + get(""),
        OK,
        OK);
    add("a chunk's size that is no number", chunked("xy\r\nab\r\n0\r\n\r\n"), "400");
    add("a chunk's size below 0", chunked("-2\r\nab\r\n0\r\n\r\n"), "400");
    add(
        "a chunk's size beyond all numbers",
        chunked("f".repeat(17) + "\r\nab\r\n0\r\n\r\n"),
        "400");
    add("a chunk's size without an end", chunked("0".repeat(1 << 20)), "400");
    add("a chunk that is longer than its size", chunked("2\r\nabcd\r\n0\r\n\r\n"), "400");
    add("a chunk's size that ends with LF alone", chunked("2\nab\r\n0\r\n\r\n"), "400");
    // Other protocols.
    add("an upgrade to WebSocket", get("Connection: Upgrade\r\nUpgrade: websocket\r\n"), OK);
    add(
        "an upgrade without settings",
        get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"),
        OK);
    add(
        "an upgrade with settings that are none",
        get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: !!\r\n"),
        OK);
    add(
        "an expectation that is not known",
        post("Expect: miracle\r\nContent-Length: 2\r\n", "ab"),
        OK);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isAnsweredOrClosed(Case each) throws Exception {
    try (Socket client = AnAgent.connect(echo)) {
      Thread sender = Thread.ofVirtual().start(() -> send(client, each.sent()));

      String answers = answers(client, each.statuses().size());

      sender.join();
      assertThat(statuses(answers)).as(answers).isEqualTo(each.statuses());
    }
  }

  @Test
  void aHostInTheTargetCountsAndTheHostFieldDoesNot() throws Exception {
    try (Socket client = AnAgent.connect(echo)) {
      AnAgent.send(client, "GET http://other:80/a/b?c HTTP/1.1\r\n" + HOST + END);

      AnAgent.readUntil(client, "<>");

      assertThat(seen).containsExactly("GET other:80 /a/b");
    }
  }

  @Test
  void aLargeChunkReachesTheGuestAsItCame() throws Exception {
    String text = "0123456789".repeat(10_000);
    try (Socket client = AnAgent.connect(echo)) {
      AnAgent.send(client, chunked("186A0\r\n" + text + "\r\n3\r\nend\r\n0\r\n\r\n"));

      String answer = AnAgent.readUntil(client, ">");

      assertThat(answer).endsWith("<" + text + "end>");
    }
  }

  private static void send(Socket client, String text) {
    try {
      AnAgent.send(client, text);
    } catch (IOException e) {
      assertThat(e).as("the other side had seen enough").isInstanceOf(SocketException.class);
    }
  }

  /** So many, and whatever follows up to the connection's end. */
  private static String answers(Socket client, int count) throws IOException {
    var all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(AnAgent.readUntil(client, "HTTP/1.1 "));
    }
    client.shutdownOutput(); // the end of one that would be kept
    return all + AnAgent.readAll(client);
  }

  private static List<String> statuses(String answers) {
    return STATUS.matcher(answers).results().map(it -> it.group(1)).toList();
  }
}
