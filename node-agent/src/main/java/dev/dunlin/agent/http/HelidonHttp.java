package dev.dunlin.agent.http;

import io.helidon.common.context.Context;
import io.helidon.http.DirectHandler;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What all listeners share of Helidon: its HTTP/1.1 and HTTP/2 protocol machines. Helidon's own
 * WebServer costs two platform threads a port, one of which it never ends (4.5.0), so the agent
 * accepts connections itself.
 */
final class HelidonHttp implements ListenerContext, AutoCloseable {
  private static final int LARGEST_HEADER = 16 << 10;
  private static final int STREAMS = 256;
  private static final int WINDOW = 256 << 10;

  private final Context context = Context.create();
  private final MediaContext media = MediaContext.create();
  private final ContentEncodingContext encoding = new PlainEncoding();
  private final DirectHandlers directHandlers = plainly();
  private final ListenerConfig config = ListenerConfig.create();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ServerConnectionSelector http1;
  private final ServerConnectionSelector http2;

  HelidonHttp() {
    Http2Config http2Config = http2Config();
    http2 = Http2ConnectionSelector.builder().http2Config(http2Config).build();
    http1 =
        Http1ConnectionSelector.builder()
            .config(http1Config())
            .addUpgrader(new Upgrade(Http2Upgrader.create(http2Config)))
            .build();
  }

  /** What a query means is the guest's business; {@link RequestTarget} refuses what cannot be. */
  private static Http1Config http1Config() {
    return Http1Config.builder()
        .validatePrologue(false)
        .maxPrologueLength(RequestReader.LONGEST_REQUEST_LINE)
        .maxHeadersSize(LARGEST_HEADER)
        .build();
  }

  /** A client may have that much of bodies under way that nobody reads yet, for all its streams. */
  private static Http2Config http2Config() {
    return Http2Config.builder()
        .maxHeaderListSize(LARGEST_HEADER)
        .maxConcurrentStreams(STREAMS)
        .initialWindowSize(WINDOW)
        .build();
  }

  private static DirectHandlers plainly() {
    var handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, new Malformed());
    }
    return handlers.build();
  }

  ServerConnectionSelector http1() {
    return http1;
  }

  ServerConnectionSelector http2() {
    return http2;
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public MediaContext mediaContext() {
    return media;
  }

  @Override
  public ContentEncodingContext contentEncodingContext() {
    return encoding;
  }

  @Override
  public DirectHandlers directHandlers() {
    return directHandlers;
  }

  @Override
  public ListenerConfig config() {
    return config;
  }

  @Override
  public ExecutorService executor() {
    return executor;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
