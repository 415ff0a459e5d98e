package dev.dunlin.agent.http;

import io.helidon.webserver.Router;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An app's port on this agent: accepts connections on a virtual thread, and knows who answers. */
final class AppListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppListener.class);
  private static final int BACKLOG = 1_024;

  /** A moment for the last answers to leave, once nothing new is taken. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private final AppKey app;
  private final int port;
  private final ServerSocketChannel server;
  private final HelidonHttp helidon;
  private final List<Backend> backends = new CopyOnWriteArrayList<>();
  private final Set<AppConnection> connections = ConcurrentHashMap.newKeySet();
  private final Router router;
  private final Thread acceptor;

  /**
   * @throws IOException when the port cannot be had
   */
  AppListener(AppKey app, InetSocketAddress address, HelidonHttp helidon, AppHandler handler)
      throws IOException {
    this.app = app;
    this.helidon = helidon;
    this.router =
        Router.builder()
            .addRouting(
                HttpRouting.builder()
                    .any((request, response) -> handler.answer(app, backends, request, response)))
            .build();
    this.server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, BACKLOG);
      this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    router.beforeStart();
    acceptor = Thread.ofVirtual().name("accept-" + app).start(this::accept);
  }

  AppKey app() {
    return app;
  }

  int port() {
    return port;
  }

  void add(Backend backend) {
    backends.add(backend);
  }

  /** Whether none is left. */
  boolean remove(Backend backend) {
    backends.remove(backend);
    return backends.isEmpty();
  }

  void closeIdle(Duration limit) {
    connections.forEach(connection -> connection.closeIfIdleFor(limit));
  }

  /** Takes no new connection, lets answers that are being sent leave, then breaks what is left. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitPortClosed();
    connections.forEach(AppConnection::closeWhenIdle);
    Thread.ofVirtual()
        .name("close-" + app)
        .start(() -> {
          long end = System.nanoTime() + LAST_ANSWERS.toNanos();
          while (!connections.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
          }
          connections.forEach(AppConnection::closeNow);
          router.afterStop();
        });
  }

  /**
   * The port is free once the thread that accepts has seen the channel close, a moment later; till
   * then it could answer one more client, and nobody could open it anew.
   */
  private void awaitPortClosed() {
    try {
      if (!acceptor.join(LAST_ANSWERS)) {
        log.warn("port {} of {} is slow to close", port, app);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        serve(server.accept());
      } catch (ClosedChannelException e) {
        log.debug("port {} of {} closed", port, app);
      } catch (IOException e) {
        // Out of descriptors, say: others may end meanwhile.
        log.warn("cannot accept a connection on port {} of {}: {}", port, app, e.toString());
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  private void serve(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    } catch (IOException e) {
      log.debug("a client left before it was served", e);
    }
    var connection = new AppConnection(helidon, router, channel, app.toString());
    connections.add(connection);
    Thread.ofVirtual()
        .name("http-" + app)
        .start(() -> {
          try {
            connection.serve();
          } finally {
            connections.remove(connection);
          }
        });
  }
}
