package dev.dunlin.e2e.house;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP/2 with prior knowledge (RFC 9113), one request at a time. Of an answer's header it reads the
 * status alone.
 */
public final class Http2Connection implements ClientConnection {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int PRIORITY = 32;

  private final Socket socket;
  private final DataInputStream in;
  private final String server;
  private int stream = -1;
  private int lastTaken = Integer.MAX_VALUE;
  private boolean goesAway;

  private record Frame(int type, int flags, int stream, ByteBuffer content) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Without padding and priority. */
    ByteBuffer payload() {
      ByteBuffer payload = content.duplicate();
      if (has(PADDED)) payload.limit(payload.limit() - (payload.get() & 0xFF));
      if (type == HEADERS && has(PRIORITY)) payload.position(payload.position() + 5);
      return payload;
    }
  }

  private Http2Connection(Socket socket, String server) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.server = server;
    var hello = new ByteArrayOutputStream();
    hello.writeBytes(PREFACE);
    hello.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
    socket.getOutputStream().write(hello.toByteArray());
  }

  public static Http2Connection to(String host, int port) throws IOException {
    Socket socket = HttpConnection.connect(host, port);
    try {
      return new Http2Connection(socket, host + ":" + port);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public HttpAnswer send(HttpCall call) throws IOException {
    if (call.body().length > 0) throw new IllegalArgumentException("only calls without a body");
    stream += 2;
    write(frame(HEADERS, END_HEADERS | END_STREAM, stream, header(call)));
    int status = 0;
    var body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = next();
      if (stream > lastTaken) throw new IOException("not taken: " + server + " goes away");
      if (frame.stream() != stream) continue;
      switch (frame.type()) {
        case HEADERS -> status = status == 0 ? status(frame.payload()) : status;
        case DATA -> {
          byte[] bytes = bytes(frame.payload());
          body.writeBytes(bytes);
          if (frame.content().capacity() > 0) write(window(0, frame.content().capacity()));
        }
        case RST_STREAM ->
            throw new IOException(
                "%s reset the stream, error %d".formatted(server, frame.content().getInt(0)));
        default -> {}
      }
      if ((frame.type() == HEADERS || frame.type() == DATA) && frame.has(END_STREAM)) {
        return new HttpAnswer(status, Map.of(), body.toByteArray(), server);
      }
    }
  }

  @Override
  public boolean isClosing() throws IOException {
    while (in.available() > 0) next();
    return goesAway;
  }

  /** The next frame, once the connection's own business is done. */
  private Frame next() throws IOException {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int number = in.readInt() & Integer.MAX_VALUE;
    var content = new byte[lengthAndType >>> 8];
    in.readFully(content);
    var frame = new Frame(lengthAndType & 0xFF, flags, number, ByteBuffer.wrap(content));
    switch (frame.type()) {
      case SETTINGS -> {
        if (!frame.has(ACK)) write(frame(SETTINGS, ACK, 0, new byte[0]));
      }
      case PING -> {
        if (!frame.has(ACK)) write(frame(PING, ACK, 0, content));
      }
      case GOAWAY -> {
        goesAway = true;
        lastTaken = frame.content().getInt(0) & Integer.MAX_VALUE;
      }
      default -> {}
    }
    return frame;
  }

  private void write(byte[] frame) throws IOException {
    socket.getOutputStream().write(frame);
  }

  private static byte[] frame(int type, int flags, int stream, byte[] content) {
    return ByteBuffer.allocate(9 + content.length)
        .putInt((content.length << 8) | type)
        .put((byte) flags)
        .putInt(stream)
        .put(content)
        .array();
  }

  private static byte[] window(int stream, int more) {
    return frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
  }

  /** All as literals that nobody keeps (RFC 7541, 6.2.2), by their names' numbers where known. */
  private byte[] header(HttpCall call) {
    var header = new ByteArrayOutputStream();
    literal(header, 2, call.method());
    header.write(0x86); // :scheme: http
    literal(header, 4, call.path());
    literal(header, 1, server);
    call.headers()
        .forEach((name, value) -> {
          header.write(0);
          text(header, name.toLowerCase(Locale.ROOT));
          text(header, value);
        });
    return header.toByteArray();
  }

  private static void literal(ByteArrayOutputStream to, int name, String value) {
    to.write(name);
    text(to, value);
  }

  private static void text(ByteArrayOutputStream to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > 126) throw new IllegalArgumentException("too long: " + text);
    to.write(bytes.length);
    to.writeBytes(bytes);
  }

  /** The first field of an answer is its status (RFC 9113, 8.3). */
  private int status(ByteBuffer header) throws IOException {
    int first = header.get() & 0xFF;
    while ((first & 0xE0) == 0x20) first = header.get() & 0xFF; // the table's size
    return switch (first) {
      case 0x88 -> 200;
      case 0x89 -> 204;
      case 0x8A -> 206;
      case 0x8B -> 304;
      case 0x8C -> 400;
      case 0x8D -> 404;
      case 0x8E -> 500;
      case 0x08, 0x18, 0x48 -> literal(header);
      default ->
          throw new IOException("expected a status from %s, found 0x%x".formatted(server, first));
    };
  }

  private static int literal(ByteBuffer header) {
    int length = header.get();
    var value = new byte[length & 0x7F];
    header.get(value);
    return length >= 0
        ? Integer.parseInt(new String(value, StandardCharsets.US_ASCII))
        : huffman(value);
  }

  /** Three digits (RFC 7541, appendix B): 0 to 2 have five bits, the others six. */
  private static int huffman(byte[] value) {
    long bits = 0;
    for (int i = 0; i < 4; i++) bits = (bits << 8) | (i < value.length ? value[i] & 0xFF : 0xFF);
    int left = 32;
    int number = 0;
    for (int i = 0; i < 3; i++) {
      int five = (int) (bits >>> (left - 5)) & 0x1F;
      int digit = five < 3 ? five : ((int) (bits >>> (left - 6)) & 0x3F) - 0x19 + 3;
      number = number * 10 + digit;
      left -= five < 3 ? 5 : 6;
    }
    return number;
  }

  private static byte[] bytes(ByteBuffer payload) {
    var bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
