package dev.dunlin.oci;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One image asked of one source with one set of credentials. */
record Pull(
    Transport transport,
    Source source,
    ImageReference image,
    Optional<Credentials> credentials,
    RegistryConfig config,
    Deadline deadline) {

  Response send(String method, URI uri, Map<String, String> headers) throws IOException {
    return transport.send(source, method, uri, headers, credentials);
  }

  RegistryException refusal(Response response, String what) throws IOException {
    return Refusal.of(response, what, credentials);
  }

  /** The same, trying nothing again. */
  Pull once() {
    return new Pull(
        transport,
        source,
        image,
        credentials,
        config.withTimeouts(timeouts().withRetryFor(Duration.ZERO)),
        deadline);
  }

  RegistryTimeouts timeouts() {
    return config.timeouts();
  }
}
