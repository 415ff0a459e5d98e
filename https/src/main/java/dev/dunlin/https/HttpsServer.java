package dev.dunlin.https;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET requests over HTTPS (HTTP/1.1), a virtual thread for each connection. An answer may
 * go on for hours, and ends when its client goes: sooner or later where the client's machine has
 * gone without a word (TCP keep-alive, about a minute).
 */
public final class HttpsServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpsServer.class);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

  private final ServerSocket server = new ServerSocket();
  private final SSLContext tls;
  private final Handler handler;
  private final int mostConnections;

  /** Added to by the acceptor alone. */
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private final Thread sweeper;

  /**
   * Listens.
   *
   * @param address port 0 for any
   * @param mostConnections at once; more are closed as they come
   * @param identity asked for each connection, so that it can change
   * @throws IOException when the port cannot be had
   */
  public HttpsServer(
      InetSocketAddress address, int mostConnections, Supplier<Identity> identity, Handler handler)
      throws IOException {
    this.tls = Tls.server(identity);
    this.handler = handler;
    this.mostConnections = mostConnections;
    try {
      server.setReuseAddress(true);
      server.bind(address, 128);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    Thread.ofVirtual().name("https-accept").start(this::accept);
    sweeper = Thread.ofVirtual().name("https-sweep").start(this::sweep);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** How many connections there are. */
  public int connections() {
    return connections.size();
  }

  /** Takes no more connections and breaks those that there are. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      log.debug("the port was closed already: {}", e.toString());
    }
    sweeper.interrupt();
    connections.forEach(Connection::breakOff);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        take(server.accept());
      } catch (IOException | RuntimeException | Error e) {
        // Out of descriptors or of memory, say: others may end meanwhile, and nobody else listens.
        if (!server.isClosed()) {
          LockSupport.parkNanos(AFTER_FAILURE.toNanos());
          log.warn("cannot accept a connection on {}: {}", address(), e.toString());
        }
      }
    }
  }

  private void take(Socket raw) throws IOException {
    boolean served = false;
    try {
      if (connections.size() < mostConnections) {
        serve(raw);
        served = true;
      } else {
        log.warn("closed a connection on {}: there are {} already", address(), mostConnections);
      }
    } finally {
      if (!served) {
        raw.close();
      }
    }
  }

  private void serve(Socket raw) throws IOException {
    raw.setTcpNoDelay(true);
    raw.setKeepAlive(true);
    raw.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 30);
    raw.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 10);
    raw.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    // Over a socket of its own, so that breaking it does not wait for what is being written.
    var socket = (SSLSocket) tls.getSocketFactory().createSocket(raw, null, true);
    socket.setUseClientMode(false);
    socket.setWantClientAuth(true);
    var connection = new Connection(raw, socket, handler);
    connections.add(connection);
    if (server.isClosed()) {
      connection.breakOff();
    }
    Thread.ofVirtual()
        .name("https")
        .start(() -> {
          try {
            connection.serve();
          } finally {
            connections.remove(connection);
          }
        });
  }

  private void sweep() {
    try {
      while (!server.isClosed()) {
        Thread.sleep(SWEEP_EVERY);
        connections.forEach(connection -> connection.sweep(System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
