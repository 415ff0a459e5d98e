package dev.dunlin.agent.trace;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where spans go.
 *
 * @param endpoint of an OTLP receiver over HTTP; empty: there are no spans
 * @param ratio how many of the requests that belong to no trace begin one, from 0 to 1; those that
 *     do are recorded as their trace says
 */
public record TraceSettings(Optional<URI> endpoint, double ratio) {
  public static final TraceSettings OFF = new TraceSettings(Optional.empty(), 1);

  private static final String PATH = "/v1/traces";

  public TraceSettings {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException(
          "--trace-ratio: expected a number from 0 to 1, found " + ratio);
    }
  }

  /**
   * Spans go to an endpoint as OpenTelemetry has it: where its path does not say so, {@code
   * /v1/traces} is meant.
   */
  public static TraceSettings to(String endpoint, double ratio) {
    URI uri;
    try {
      uri = new URI(endpoint);
    } catch (URISyntaxException e) {
      throw refused(endpoint, e);
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getRawQuery() != null) {
      throw refused(endpoint, null);
    }
    String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
    return new TraceSettings(
        Optional.of(URI.create(base.endsWith(PATH) ? base : base + PATH)), ratio);
  }

  private static IllegalArgumentException refused(String endpoint, @Nullable Exception why) {
    return new IllegalArgumentException(
        "--otlp-endpoint: expected http://HOST:PORT or https://HOST:PORT, found \""
            + endpoint
            + "\"",
        why);
  }
}
