package dev.dunlin.e2e.house;

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

/**
 * One HTTP/1.1 request on a connection of its own. The JDK's clients send a request again behind
 * the caller's back when a connection breaks; a test that counts missed requests must see it break.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpCall(String method, String path, Map<String, String> headers, byte[] body) {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  public HttpCall {
    headers = Map.copyOf(headers);
  }

  public static HttpCall get(String path) {
    return new HttpCall("GET", path, Map.of(), new byte[0]);
  }

  public static HttpCall post(String path, byte[] body) {
    return new HttpCall("POST", path, Map.of(), body);
  }

  public HttpAnswer send(String host, int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
      socket.setSoTimeout((int) ANSWER.toMillis());
      var out = socket.getOutputStream();
      out.write(head(host, port));
      out.write(body);
      out.flush();
      return read(socket.getInputStream(), host + ":" + port);
    }
  }

  private byte[] head(String host, int port) {
    var lines = new LinkedHashMap<String, String>();
    lines.put("Host", host + ":" + port);
    lines.putAll(headers);
    lines.put("Connection", "close");
    if (body.length > 0) lines.put("Content-Length", String.valueOf(body.length));
    var text = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private HttpAnswer read(InputStream in, String server) throws IOException {
    String first = line(in);
    while (first.startsWith("HTTP/1.1 1")) {
      headers(in);
      first = line(in);
    }
    String[] status = first.split(" ", 3);
    if (!status[0].startsWith("HTTP/1") || status.length < 2) {
      throw new IOException("expected a status line from " + server + ", found: " + first);
    }
    var answered = headers(in);
    return new HttpAnswer(Integer.parseInt(status[1]), answered, content(in, answered), server);
  }

  private byte[] content(InputStream in, Map<String, String> answered) throws IOException {
    if (method.equals("HEAD")) return new byte[0];
    if ("chunked".equalsIgnoreCase(answered.get("transfer-encoding"))) return chunks(in);
    String length = answered.get("content-length");
    if (length == null) return in.readAllBytes();
    byte[] bytes = in.readNBytes(Integer.parseInt(length));
    if (bytes.length < Integer.parseInt(length)) {
      throw new EOFException("%d of %s bytes of a body".formatted(bytes.length, length));
    }
    return bytes;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
      byte[] chunk = in.readNBytes(size);
      if (chunk.length < size) throw new EOFException("a chunk that ends early");
      all.writeBytes(chunk);
      if (size == 0) {
        headers(in);
        return all.toByteArray();
      }
      line(in);
    }
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 0) throw new IOException("expected a header, found: " + line);
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) throw new EOFException("the connection ended after: " + line);
      if (next != '\r') line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
