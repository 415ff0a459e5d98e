package dev.dunlin.oci;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/** The head of an answer and its body, still to be read; closing it gives the connection back. */
record Response(URI uri, int status, HttpHeaders headers, InputStream body)
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
    return body.readNBytes(limit + 1);
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
