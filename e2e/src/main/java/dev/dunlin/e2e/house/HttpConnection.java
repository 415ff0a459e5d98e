package dev.dunlin.e2e.house;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** HTTP/1.1. */
public final class HttpConnection implements ClientConnection {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final Socket socket;
  private final InputStream in;
  private final String server;
  private boolean closing;

  private HttpConnection(Socket socket, String server) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.server = server;
  }

  public static HttpConnection to(String host, int port) throws IOException {
    Socket socket = connect(host, port);
    try {
      return new HttpConnection(socket, host + ":" + port);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** A socket that is connected, and patient but not for ever. */
  static Socket connect(String host, int port) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) ANSWER.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public HttpAnswer send(HttpCall call) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(call.head(server));
    out.writeBytes(call.body());
    socket.getOutputStream().write(out.toByteArray());
    return read(call);
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private HttpAnswer read(HttpCall call) throws IOException {
    String first = line();
    while (first.startsWith("HTTP/1.1 1")) {
      headers();
      first = line();
    }
    String[] status = first.split(" ", 3);
    if (!status[0].startsWith("HTTP/1") || status.length < 2) {
      throw new IOException("expected a status line from " + server + ", found: " + first);
    }
    var answered = headers();
    closing = "close".equalsIgnoreCase(answered.get("connection"));
    return new HttpAnswer(
        Integer.parseInt(status[1]), answered, content(call.method(), answered), server);
  }

  private byte[] content(String method, Map<String, String> answered) throws IOException {
    if (method.equals("HEAD")) return new byte[0];
    if ("chunked".equalsIgnoreCase(answered.get("transfer-encoding"))) return chunks();
    String length = answered.get("content-length");
    if (length == null) return in.readAllBytes();
    byte[] bytes = in.readNBytes(Integer.parseInt(length));
    if (bytes.length < Integer.parseInt(length)) {
      throw new EOFException("%d of %s bytes of a body".formatted(bytes.length, length));
    }
    return bytes;
  }

  private byte[] chunks() throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      byte[] chunk = in.readNBytes(size);
      if (chunk.length < size) throw new EOFException("a chunk that ends early");
      all.writeBytes(chunk);
      if (size == 0) {
        headers();
        return all.toByteArray();
      }
      line();
    }
  }

  private Map<String, String> headers() throws IOException {
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 0) throw new IOException("expected a header, found: " + line);
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) throw new EOFException("the connection ended after: " + line);
      if (next != '\r') line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
