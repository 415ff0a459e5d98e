package dev.dunlin.engine;

import java.io.OutputStream;

/**
 * How a module answers requests. Both streams are written by many threads, one whole write at a
 * time, and are the caller's to close.
 *
 * @param out where the guest's standard output goes; by the CGI convention that is the response,
 *     and nothing comes here
 * @param err where the guest's diagnostics go
 * @param requestsPerInstance how many requests an instance answers before it is thrown away; 1: a
 *     fresh one for each. By the CGI convention it is always 1
 */
public record HttpSettings(OutputStream out, OutputStream err, int requestsPerInstance) {
  public HttpSettings {
    if (requestsPerInstance < 1) {
      throw new IllegalArgumentException(
          "requestsPerInstance: expected 1 or more, found " + requestsPerInstance);
    }
  }

  /** A fresh instance for each request. */
  public HttpSettings(OutputStream out, OutputStream err) {
    this(out, err, 1);
  }
}
