package dev.dunlin.oci;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;

/** Sends single requests: no redirects, no credentials of its own, no retries. */
final class Http implements AutoCloseable {
  private final RegistryTimeouts timeouts;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  Http(RegistryConfig config) {
    timeouts = config.timeouts();
    var builder =
        HttpClient.newBuilder()
            // A blob has its connection to itself, so a slow one holds up no other.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeouts.connect())
            .executor(executor);
    if (config.caBundle() != null) {
      builder.sslContext(TrustedCertificates.withSystem(config.caBundle()));
    }
    client = builder.build();
  }

  Response send(String method, URI uri, Map<String, String> headers) throws IOException {
    return send(method, uri, headers, HttpRequest.BodyPublishers.noBody(), timeouts.response());
  }

  /** Sends {@code body}, which may take as long as a whole fetch. */
  Response send(String method, URI uri, Map<String, String> headers, BodyPublisher body)
      throws IOException {
    return send(method, uri, headers, body, timeouts.fetch());
  }

  private Response send(
      String method, URI uri, Map<String, String> headers, BodyPublisher body, Duration patience)
      throws IOException {
    var request =
        HttpRequest.newBuilder(uri)
            .method(method, body)
            .timeout(patience)
            .setHeader("User-Agent", "dunlin");
    headers.forEach(request::setHeader);
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      return new Response(
          uri,
          response.statusCode(),
          response.headers(),
          new StallGuard(response.body(), timeouts.stall()),
          timeouts.response());
    } catch (InterruptedException e) {
      throw Backoff.cancelled();
    } catch (SSLException e) {
      throw tlsFault(uri, e);
    } catch (HttpConnectTimeoutException e) {
      throw connectTimeout(uri, e);
    }
  }

  // A plain server may wait forever for the rest of what it takes for a request line.
  private IOException connectTimeout(URI uri, HttpConnectTimeoutException fault) {
    if (!"https".equals(uri.getScheme())) {
      return fault;
    }
    var told =
        new HttpConnectTimeoutException(
            "no TLS connection to %s within %d ms (if it speaks plain http, name it: --plain-http-registry %s)"
                .formatted(uri.getAuthority(), timeouts.connect().toMillis(), uri.getAuthority()));
    told.initCause(fault);
    return told;
  }

  /** A wrong certificate or no TLS at all does not get better by retrying. */
  private static IOException tlsFault(URI uri, SSLException fault) throws SSLException {
    String text = String.valueOf(fault.getMessage());
    String authority = uri.getAuthority();
    if (text.contains("nrecognized SSL message")) {
      throw new RegistryException(
          RegistryException.Kind.UNAVAILABLE,
          "%s: expected TLS, found plain http; if that is meant, name it as a plain-http registry (--plain-http-registry %s)"
              .formatted(authority, authority),
          fault);
    }
    if (text.contains("PKIX")
        || text.contains("No subject alternative")
        || text.contains("No name matching")) {
      throw new RegistryException(
          RegistryException.Kind.UNAVAILABLE,
          "%s: expected a certificate that the system or --registry-ca vouches for, found: %s"
              .formatted(authority, text),
          fault);
    }
    return fault;
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
