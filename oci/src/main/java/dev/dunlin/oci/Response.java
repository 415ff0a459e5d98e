package dev.dunlin.oci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The head of an answer and its body, still to be read; closing it gives the connection back.
 *
 * @param patience for a body that is read whole
 */
record Response(URI uri, int status, HttpHeaders headers, InputStream body, Duration patience)
    implements AutoCloseable {
  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  OptionalLong contentLength() {
    return headers.firstValueAsLong("Content-Length");
  }

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> header("Location").isPresent();
      default -> false;
    };
  }

  /** The body, or its first {@code limit + 1} bytes where it is longer. */
  byte[] readUpTo(int limit) throws IOException {
    var whole = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    long begun = System.nanoTime();
    while (whole.size() <= limit) {
      int n = body.read(buffer, 0, Math.min(buffer.length, limit + 1 - whole.size()));
      if (n < 0) {
        break;
      }
      whole.write(buffer, 0, n);
      // A trickle keeps every single read short.
      if (System.nanoTime() - begun > patience.toNanos()) {
        throw new HttpTimeoutException(
            "the registry sent %d bytes in %d ms and had more"
                .formatted(whole.size(), patience.toMillis()));
      }
    }
    return whole.toByteArray();
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
