package dev.dunlin.agent.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.PlainSocket;
import io.helidon.common.socket.SocketWriter;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, on a virtual thread of its own: finds out whether it speaks HTTP/1.1 or
 * HTTP/2 and lets Helidon serve it.
 */
final class AppConnection implements ConnectionContext {
  private static final Logger log = LoggerFactory.getLogger(AppConnection.class);

  /** Of the connection whose thread is asking: HTTP/1.1 handles requests on it. */
  private static final ScopedValue<AppConnection> CURRENT = ScopedValue.newInstance();

  /** Of the connection that the request came on which the asking thread handles, if by HTTP/2. */
  private static final ScopedValue<AppConnection> STREAM_OF = ScopedValue.newInstance();

  /** A client that sends nothing for so long has seen that nobody reads it any more. */
  private static final int LINGER_QUIET_MILLIS = 500;

  private static final Duration LINGER = Duration.ofSeconds(2);

  /** What is left of a body that nobody read, and the next request's head. */
  private static final int BETWEEN_REQUESTS_BYTES = 256 << 10;

  private final HelidonHttp helidon;
  private final Router router;
  private final SocketChannel channel;
  private final PlainSocket socket;
  private final Inbound inbound;
  private final DataReader reader;
  private final Outbound writer;
  private final Patience patience;
  private final Pace pace;
  private final ExecutorService streams;
  private volatile @Nullable ServerConnection connection;

  /** Known from the first request on: it may have begun as HTTP/1.1. */
  private volatile boolean speaksHttp2;

  AppConnection(
      HelidonHttp helidon,
      Router router,
      SocketChannel channel,
      String listener,
      Patience patience,
      Pace pace) {
    this.helidon = helidon;
    this.router = router;
    this.channel = channel;
    this.socket =
        PlainSocket.server(
            channel.socket(), Integer.toHexString(System.identityHashCode(channel)), listener);
    this.inbound = new Inbound(channel, socket);
    this.reader = new RequestReader(inbound);
    this.writer = new Outbound(SocketWriter.create(socket), pace);
    this.patience = patience;
    this.pace = pace;
    this.streams = new Streams(helidon.executor(), this::answeringStream);
  }

  /** The connection that the calling thread serves, if it serves one alone (HTTP/1.1). */
  static Optional<AppConnection> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Answers a request of the connection that the calling thread serves. */
  static void answeringCurrent(Runnable answer) {
    current().ifPresentOrElse(connection -> connection.answeringAlone(answer), answer);
  }

  /** The connection that the request came on which the calling thread answers, if by HTTP/2. */
  static Optional<AppConnection> ofStream() {
    return STREAM_OF.isBound() ? Optional.of(STREAM_OF.get()) : Optional.empty();
  }

  boolean clientIsGone() throws IOException {
    return inbound.isClosedByPeer();
  }

  /** Lets whoever reads from it see its end; what is written still leaves. */
  void endInput() throws IOException {
    inbound.endNow();
  }

  /** For how long it has been without a request; empty while there is one, or it is broken. */
  OptionalLong idleNanos(long now) {
    return patience.idleNanos(now);
  }

  /** Breaks it, if it is without a request. */
  boolean giveWay() {
    boolean gave = patience.giveWay();
    if (gave) {
      closeNow();
    }
    return gave;
  }

  /** Whether the client does not take what it is sent. */
  boolean isStuck(long now) {
    return pace.isLost(now);
  }

  /** Takes no further request once the present one is answered, not even one that is here. */
  void closeAfterThis() {
    inbound.end();
    ServerConnection serving = connection;
    if (serving != null) {
      serving.close(false);
    }
  }

  /** Serves it to its end; never throws. */
  void serve() {
    try {
      boolean http2 = isHttp2();
      ServerConnection chosen = (http2 ? helidon.http2() : helidon.http1()).connection(this);
      connection = chosen;
      if (http2) {
        chosen.handle(FixedLimit.create());
      } else {
        ScopedValue.where(CURRENT, this)
            .call(() -> {
              chosen.handle(FixedLimit.create());
              return true;
            });
      }
    } catch (CloseConnectionException
        | DataReader.InsufficientDataAvailableException
        | SocketWriterException e) {
      log.trace("connection ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("connection failed", e);
    } finally {
      closeGently();
    }
  }

  /**
   * Asks the client to send what is next on another connection, where it can be told without an
   * answer: by HTTP/2. One of HTTP/1.1 learns of it with its next answer.
   */
  void sendAway() {
    if (speaksHttp2) {
      Thread.ofVirtual().name("go-away").start(this::goAway); // it may be slow to read
    }
  }

  void goAway() {
    try {
      writer.goAway();
    } catch (SocketWriterException | UncheckedIOException e) {
      log.trace("the client left before it was told to", e);
    }
  }

  /** Ends it as soon as no request is under way; an HTTP/2 client does so when it is told. */
  void closeWhenIdle() {
    ServerConnection serving = connection;
    if (serving == null) {
      closeNow();
    } else if (speaksHttp2) {
      sendAway();
    } else {
      serving.close(false);
    }
  }

  /** Ends it if it has been without a request for too long; says what it came to. */
  Patience.Verdict sweep(long now) {
    Patience.Verdict verdict = patience.look(now);
    switch (verdict) {
      case KEEP -> {}
      case END -> closeWhenIdle();
      case BREAK, BREAK_SILENT -> closeNow();
    }
    return verdict;
  }

  /** Breaks it, whatever is under way. */
  void closeNow() {
    try {
      writer.close();
      socket.close();
    } catch (UncheckedIOException e) {
      log.trace("connection was broken already", e);
    }
  }

  private void answeringAlone(Runnable answer) {
    inbound.allow(Inbound.ANY);
    try {
      answering(answer);
    } finally {
      inbound.allow(BETWEEN_REQUESTS_BYTES);
    }
  }

  private void answeringStream(Runnable answer) {
    speaksHttp2 = true;
    ScopedValue.where(STREAM_OF, this).run(() -> answering(answer));
  }

  private void answering(Runnable answer) {
    if (!patience.begin()) {
      throw new CloseConnectionException("the request came as its connection was broken");
    }
    try {
      answer.run();
    } finally {
      patience.end(System.nanoTime());
    }
  }

  /**
   * Lets the last answer arrive: closing while there is something unread resets the connection, and
   * that can overtake what was sent (RFC 9112, 9.6).
   */
  private void closeGently() {
    try {
      if (channel.isOpen()) {
        channel.shutdownOutput();
        channel.socket().setSoTimeout(LINGER_QUIET_MILLIS);
        InputStream rest = channel.socket().getInputStream();
        var discarded = new byte[65_536];
        long end = System.nanoTime() + LINGER.toNanos();
        while (System.nanoTime() < end && rest.read(discarded) >= 0) {}
      }
    } catch (IOException e) {
      log.trace("the client did not wait for the end", e);
    } finally {
      closeNow();
    }
  }

  /** An HTTP/2 client with prior knowledge begins with "PRI" (RFC 9113, 3.4), no other may. */
  private boolean isHttp2() {
    reader.ensureAvailable();
    if (reader.lookup() != 'P') {
      return false;
    }
    while (reader.available() < 3) {
      reader.pullData();
    }
    return reader.startsWith(new byte[] {'P', 'R', 'I'});
  }

  @Override
  public ListenerContext listenerContext() {
    return helidon;
  }

  @Override
  public ExecutorService executor() {
    return streams;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public Router router() {
    return router;
  }

  @Override
  public HelidonSocket serverSocket() {
    return socket;
  }

  @Override
  public PeerInfo remotePeer() {
    return socket.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return socket.localPeer();
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String socketId() {
    return socket.socketId();
  }

  @Override
  public String childSocketId() {
    return socket.childSocketId();
  }
}
