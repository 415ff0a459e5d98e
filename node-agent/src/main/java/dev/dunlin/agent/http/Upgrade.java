package dev.dunlin.agent.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.http.http2.Http2Settings;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a connection from HTTP/1.1 to HTTP/2 where the client has said with which settings, once
 * and well (RFC 7540, 3.2.1); else the request is answered by HTTP/1.1, and Helidon (4.5.0) would
 * fail.
 */
final class Upgrade implements Http1Upgrader {
  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);
  private static final HeaderName SETTINGS = HeaderNames.create("HTTP2-Settings");

  private final Http1Upgrader http2;

  Upgrade(Http1Upgrader http2) {
    this.http2 = http2;
  }

  @Override
  public String supportedProtocol() {
    return http2.supportedProtocol();
  }

  @Override
  public @Nullable ServerConnection upgrade(
      ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
    List<String> settings = headers.all(SETTINGS, List::of);
    return settings.size() == 1 && areSettings(settings.getFirst())
        ? http2.upgrade(context, prologue, headers)
        : null;
  }

  private static boolean areSettings(String text) {
    try {
      var _ = Http2Settings.create(BufferData.create(Base64.getUrlDecoder().decode(text)));
      return true;
    } catch (RuntimeException e) {
      log.debug("a client's HTTP2-Settings are none", e);
      return false;
    }
  }
}
