package dev.dunlin.agent.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that no HTTP/2 client sends: they are answered with a GOAWAY, or the connection ends. */
class RawFramesTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PUSH_PROMISE = 5;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  /** GET / of x by plain http: all in the static table but the authority. */
  private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, 1, 'x'};

  private final AnAgent agent = new AnAgent();

  @AfterEach
  void close() {
    agent.close();
  }

  /** A case: what is sent after the preface and the client's settings. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Case(String what, byte[] sent) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("a frame that is larger than may be", frame(DATA, 0, 1, new byte[1 << 17])),
        new Case("a header that never ends", endlessHeader()),
        new Case(
            "another frame within a header",
            join(frame(HEADERS, 0, 1, GET), frame(PING, 0, 0, new byte[8]))),
        new Case("a body without a header", frame(DATA, 1, 1, new byte[10])),
        new Case("a header on stream 0", frame(HEADERS, 5, 0, GET)),
        new Case("a header on a stream of the server's", frame(HEADERS, 5, 2, GET)),
        new Case(
            "a header that is no HPACK",
            frame(
                HEADERS, 5, 1, new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1})),
        new Case("a promise", frame(PUSH_PROMISE, 4, 1, new byte[10])),
        new Case("settings of an odd length", frame(SETTINGS, 0, 0, new byte[5])),
        new Case("a window that grows by nothing", frame(WINDOW_UPDATE, 0, 0, new byte[4])),
        new Case(
            "a window beyond all bounds",
            join(windowOf(Integer.MAX_VALUE), windowOf(Integer.MAX_VALUE))),
        new Case(
            "empty frames without end",
            repeated(1_000, i -> frame(DATA, 0, 1, new byte[0]), frame(HEADERS, 4, 1, GET))),
        new Case(
            "streams that are reset as soon as they are begun",
            repeated(
                1_000,
                i ->
                    join(
                        frame(HEADERS, 5, 2 * i + 1, GET),
                        frame(RST_STREAM, 0, 2 * i + 1, new byte[4])),
                new byte[0])));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areNotTaken(Case each) throws Exception {
    Serving shop =
        agent.serve(
            "shop",
            (request, response) -> {
              request.body().transferTo(java.io.OutputStream.nullOutputStream());
              return AnAgent.answer(response, "hello");
            });
    try (Socket client = AnAgent.connect(shop)) {
      Thread sender =
          Thread.ofVirtual()
              .start(() ->
                  send(
                      client,
                      join(
                          PREFACE.getBytes(ISO_8859_1),
                          frame(SETTINGS, 0, 0, new byte[0]),
                          each.sent())));

      List<Integer> errors = goAways(client);

      sender.join();
      assertThat(errors).as("error codes of GOAWAY").doesNotContain(0);
    }
    try (Socket next = AnAgent.connect(shop)) {
      AnAgent.send(next, AnAgent.GET);
      assertThat(AnAgent.readUntil(next, "hello")).startsWith("HTTP/1.1 200 ");
    }
  }

  private interface Nth {
    byte[] of(int i);
  }

  private static byte[] repeated(int times, Nth each, byte[] before) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(before);
    for (int i = 0; i < times; i++) {
      all.writeBytes(each.of(i));
    }
    return all.toByteArray();
  }

  private static byte[] endlessHeader() {
    return repeated(1_000, i -> frame(CONTINUATION, 0, 1, field(i)), frame(HEADERS, 0, 1, GET));
  }

  /** A field of 1,000 bytes that is not put into the table. */
  private static byte[] field(int i) {
    String name = "x-%04d".formatted(i);
    var field = ByteBuffer.allocate(2 + name.length() + 3 + 1_000);
    field.put((byte) 0).put((byte) name.length()).put(name.getBytes(ISO_8859_1));
    int rest = 1_000 - 127;
    field.put((byte) 127).put((byte) (rest % 128 | 128)).put((byte) (rest / 128));
    field.put("a".repeat(1_000).getBytes(ISO_8859_1));
    return field.array();
  }

  private static byte[] windowOf(int more) {
    return frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(more).array());
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] content) {
    return ByteBuffer.allocate(9 + content.length)
        .putInt((content.length << 8) | type)
        .put((byte) flags)
        .putInt(stream)
        .put(content)
        .array();
  }

  private static void send(Socket client, byte[] bytes) {
    try {
      client.getOutputStream().write(bytes);
    } catch (IOException e) {
      assertThat(e).as("the other side had seen enough").isInstanceOf(SocketException.class);
    }
  }

  /** The error code of the first that comes; none where the connection ends without one. */
  private static List<Integer> goAways(Socket client) throws IOException {
    var errors = new ArrayList<Integer>();
    var in = new DataInputStream(client.getInputStream());
    boolean open = true;
    while (open && errors.isEmpty()) {
      try {
        int head = in.readInt();
        in.skipNBytes(5);
        var content = new byte[head >>> 8];
        in.readFully(content);
        if ((head & 0xFF) == GO_AWAY) {
          errors.add(ByteBuffer.wrap(content).getInt(4));
        }
      } catch (EOFException | SocketException e) {
        open = false;
      }
    }
    return errors;
  }
}
