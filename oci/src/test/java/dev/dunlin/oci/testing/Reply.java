package dev.dunlin.oci.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One answer, spoilt by at most one fault. */
final class Reply {
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

  private final HttpExchange exchange;
  private final Faults.@Nullable Fault fault;
  private final boolean answered;

  Reply(HttpExchange exchange, Faults.@Nullable Fault fault) throws IOException {
    this.exchange = exchange;
    this.fault = fault;
    switch (fault) {
      case Faults.Fault.Status status -> {
        if (status.retryAfterSeconds() != null) {
          header("Retry-After", status.retryAfterSeconds().toString());
        }
        write(status.status(), status.contentType(), status.body());
        answered = true;
      }
      case Faults.Fault.Redirect redirect -> {
        header("Location", redirect.toBase() + exchange.getRequestURI());
        write(307, "text/plain", new byte[0]);
        answered = true;
      }
      case null, default -> answered = false;
    }
  }

  boolean isAnswered() {
    return answered;
  }

  void header(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  void error(int status, String code, String message) throws IOException {
    send(
        status,
        "application/json",
        "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}"
            .formatted(code, message)
            .getBytes(StandardCharsets.UTF_8));
  }

  void sendRange(String contentType, byte[] whole) throws IOException {
    header("Accept-Ranges", "bytes");
    String asked = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(asked == null ? "" : asked);
    if (!range.matches() || fault instanceof Faults.Fault.NoRange) {
      send(200, contentType, whole);
      return;
    }
    int from = Integer.parseInt(range.group(1));
    int last = whole.length - 1;
    int to = range.group(2).isEmpty() ? last : Math.min(last, Integer.parseInt(range.group(2)));
    if (from >= whole.length) {
      header("Content-Range", "bytes */" + whole.length);
      send(416, contentType, new byte[0]);
      return;
    }
    header("Content-Range", "bytes %d-%d/%d".formatted(from, to, whole.length));
    send(206, contentType, Arrays.copyOfRange(whole, from, to + 1));
  }

  void send(int status, String contentType, byte[] body) throws IOException {
    switch (fault) {
      case Faults.Fault.WrongBytes wrong ->
          write(status, contentType, Faults.withOneWrongByte(body));
      case Faults.Fault.Truncated truncated ->
          write(
              status, contentType, Arrays.copyOf(body, Math.min(body.length, truncated.toBytes())));
      case Faults.Fault.Cut cut -> {
        OutputStream out = begin(status, contentType, body.length);
        out.write(body, 0, Math.min(body.length, cut.afterBytes()));
        out.flush();
        // A client that learns of the cut before it read what came forgets what came.
        pause(Duration.ofMillis(100));
        // Closing the exchange with bytes owing closes the connection.
      }
      case Faults.Fault.Slow slow -> {
        OutputStream out = begin(status, contentType, body.length);
        int first = Math.min(body.length, slow.afterBytes());
        out.write(body, 0, first);
        out.flush();
        pause(slow.pause());
        out.write(body, first, body.length - first);
      }
      case Faults.Fault.Trickle trickle -> {
        OutputStream out = begin(status, contentType, body.length);
        for (byte one : body) {
          out.write(one);
          out.flush();
          pause(trickle.pause());
        }
      }
      case null, default -> write(status, contentType, body);
    }
  }

  private static void pause(Duration pause) throws IOException {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void write(int status, String contentType, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      header("Content-Type", contentType);
      header("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    try (OutputStream out = begin(status, contentType, body.length)) {
      out.write(body);
    }
  }

  private OutputStream begin(int status, String contentType, int length) throws IOException {
    header("Content-Type", contentType);
    exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
    return exchange.getResponseBody();
  }
}
