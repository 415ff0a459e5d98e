package dev.dunlin.https;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The answer to one request: given once, whole or as it comes. Used by one thread. */
public final class Response {
  private final OutputStream out;
  private final Watch watch;
  private final boolean lastOfConnection;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private int status;
  private boolean streamed;

  /** Tells when the client goes. */
  interface Watch {
    void begin(Runnable whenGone);
  }

  Response(OutputStream out, Watch watch, boolean lastOfConnection) {
    this.out = out;
    this.watch = watch;
    this.lastOfConnection = lastOfConnection;
  }

  /** Adds a header to what is sent afterwards. */
  public Response header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Gives it whole. */
  public void send(int code, String type, byte[] body) throws IOException {
    begin(code, type);
    headers.put("Content-Length", String.valueOf(body.length));
    if (lastOfConnection) {
      headers.put("Connection", "close");
    }
    out.write(head());
    out.write(body);
    out.flush();
  }

  /** Gives a text whole. */
  public void send(int code, String text) throws IOException {
    send(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Gives it as it comes: what is written goes out when the stream is flushed, and the answer is
   * complete when it is closed. The connection serves nothing else.
   *
   * @param whenGone called once when the client goes before that, on another thread; the stream is
   *     broken by then
   */
  public OutputStream stream(int code, String type, Runnable whenGone) throws IOException {
    begin(code, type);
    streamed = true;
    headers.put("Transfer-Encoding", "chunked");
    headers.put("Connection", "close");
    out.write(head());
    out.flush();
    watch.begin(whenGone);
    return new Chunks(out);
  }

  /** What was answered; 0 while nothing was. */
  public int status() {
    return status;
  }

  boolean endsConnection() {
    return streamed || lastOfConnection || status == 0;
  }

  private void begin(int code, String type) {
    if (status != 0) {
      throw new IllegalStateException("answered already, with " + status);
    }
    status = code;
    headers.put("Content-Type", type);
    headers.put("X-Content-Type-Options", "nosniff");
  }

  private byte[] head() {
    var text = new StringBuilder("HTTP/1.1 ").append(status).append(" \r\n");
    headers.forEach((name, value) ->
        text.append(name).append(": ").append(value.replaceAll("[\\r\\n]", " ")).append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
