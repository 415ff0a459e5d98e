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
import java.util.Optional;
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

  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

  private final AppKey app;
  private final int port;
  private final ServerSocketChannel server;
  private final Shared shared;
  private final AppPort who;

  /** Added to by the acceptor alone. */
  private final Crowd crowd;

  private final Router router;
  private final Thread acceptor;

  /** When the last client came, of {@link System#nanoTime}; written by the acceptor alone. */
  private volatile long lastCame = System.nanoTime();

  /**
   * @param server not bound yet; closed by this
   * @throws IOException when the port cannot be had
   */
  AppListener(AppKey app, ServerSocketChannel server, InetSocketAddress address, Shared shared)
      throws IOException {
    this.app = app;
    this.crowd = new Crowd(app);
    this.who = new AppPort(app, new CopyOnWriteArrayList<>(), new Split());
    this.server = server;
    this.shared = shared;
    this.router =
        Router.builder()
            .addRouting(
                HttpRouting.builder()
                    .any((request, response) ->
                        AppConnection.answeringCurrent(
                            () -> shared.handler().answer(who, request, response))))
            .build();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, BACKLOG);
      this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    router.beforeStart();
    shared.connections().open(crowd);
    acceptor = Thread.ofVirtual().name("accept-" + app).start(this::accept);
  }

  AppKey app() {
    return app;
  }

  int port() {
    return port;
  }

  void add(Backend backend) {
    who.backends().add(backend);
  }

  /** Whether it was there. */
  boolean remove(Backend backend) {
    return who.backends().remove(backend);
  }

  boolean isEmpty() {
    return who.backends().isEmpty();
  }

  /** Whether all that are here drain: clients had better go elsewhere. */
  boolean isLeft() {
    return who.backends().stream().allMatch(Backend::isDraining);
  }

  /** Asks clients to open new connections, those that can be asked. */
  void sendAway() {
    crowd.members().forEach(AppConnection::sendAway);
  }

  /** For how long no client has opened a connection. */
  Duration quietFor() {
    return Duration.ofNanos(System.nanoTime() - lastCame);
  }

  /** Ends connections that have gone without a request for too long. */
  void sweep(long now) {
    for (AppConnection connection : crowd.members()) {
      if (connection.sweep(now) == Patience.Verdict.BREAK_SILENT) {
        shared.meter().connectionLost(app, LostConnection.SILENT);
      }
      if (connection.isStuck(now)) {
        shared.meter().connectionLost(app, LostConnection.NOT_READING);
        connection.closeNow();
      }
    }
  }

  /**
   * Takes no new connection, lets answers that are being sent leave, then breaks what is left.
   * Blocks until the port is free.
   */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitPortClosed();
    crowd.members().forEach(AppConnection::closeWhenIdle);
    Thread.ofVirtual()
        .name("close-" + app)
        .start(() -> {
          long end = System.nanoTime() + LAST_ANSWERS.toNanos();
          while (!crowd.members().isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
          }
          crowd.members().forEach(AppConnection::closeNow);
          shared.connections().close(crowd);
          router.afterStop();
        });
  }

  /**
   * The port is free once the thread that accepts has seen the channel close, a moment later; till
   * then it could answer one more client, and nobody could open it anew.
   */
  private void awaitPortClosed() {
    try {
      if (!acceptor.join(shared.settings().closePort())) {
        log.warn("port {} of {} is slow to close", port, app);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        take(server.accept());
      } catch (ClosedChannelException e) {
        log.debug("port {} of {} closed", port, app);
      } catch (IOException | RuntimeException | Error e) {
        // Out of descriptors or of memory, say: others may end meanwhile, and nobody else listens.
        LockSupport.parkNanos(AFTER_FAILURE.toNanos());
        report(e);
      }
    }
  }

  private void report(Throwable failure) {
    try {
      log.warn("cannot accept a connection on port {} of {}", port, app, failure);
      shared.meter().connectionLost(app, LostConnection.NOT_ACCEPTED);
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e); // No memory even to say so: the port matters more.
    }
  }

  private void take(SocketChannel channel) throws IOException {
    lastCame = System.nanoTime();
    boolean served = false;
    try {
      Optional<LostConnection> full = shared.connections().admit(crowd);
      if (full.isPresent()) {
        shared.meter().connectionLost(app, full.get());
      } else {
        serve(channel);
        served = true;
      }
    } finally {
      if (!served) {
        channel.close();
      }
    }
  }

  /** Serves it on a thread of its own, which gives its place back; so does this if it fails. */
  private void serve(SocketChannel channel) {
    boolean added = false;
    try {
      AppConnection connection = connectionOn(channel);
      crowd.members().add(connection);
      added = true;
      start(connection);
    } finally {
      if (!added) {
        shared.connections().giveUp(crowd);
      }
    }
  }

  private void start(AppConnection connection) {
    boolean started = false;
    try {
      Thread.ofVirtual()
          .name("http-" + app)
          .start(() -> {
            try {
              connection.serve();
            } finally {
              shared.connections().leave(crowd, connection);
            }
          });
      started = true;
    } finally {
      if (!started) {
        shared.connections().leave(crowd, connection);
      }
    }
  }

  private AppConnection connectionOn(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    } catch (IOException e) {
      log.debug("a client left before it was served", e);
    }
    HttpSettings settings = shared.settings();
    return new AppConnection(
        shared.helidon(),
        router,
        channel,
        app.toString(),
        new Patience(settings.requestHead(), settings.idleConnection(), System.nanoTime()),
        new Pace(settings.requestHead()));
  }
}
