package dev.dunlin.engine;

import java.io.InputStream;
import java.util.List;

/**
 * A request to a guest (RFC 9110 terms).
 *
 * @param method upper case, e.g. {@code GET}
 * @param scheme {@code http} or {@code https}
 * @param authority host and port as the client sent them
 * @param path absolute path, percent-encoded as received
 * @param query after the first {@code ?}, without it; empty when there is none
 * @param headers in the order received, names lower case
 * @param body read by the guest as it likes; never longer than what the client sends
 * @param remoteAddress of the client, numeric
 */
public record HttpRequest(
    String method,
    String scheme,
    String authority,
    String path,
    String query,
    List<HttpHeader> headers,
    InputStream body,
    String remoteAddress) {
  public HttpRequest {
    headers = List.copyOf(headers);
  }
}
