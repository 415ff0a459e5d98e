package dev.dunlin.https;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection, served on the thread that calls {@link #serve}. */
final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);
  private static final int MOST_HEAD_BYTES = 64 << 10;
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(10);
  private static final Duration NEXT_REQUEST = Duration.ofSeconds(90);

  private final Socket raw;
  private final SSLSocket socket;
  private final Handler handler;

  /** When the present request must have come, by System.nanoTime; guarded by this, as the next. */
  private long deadline = System.nanoTime() + FIRST_REQUEST.toNanos();

  private boolean answering;

  Connection(Socket raw, SSLSocket socket, Handler handler) {
    this.raw = raw;
    this.socket = socket;
    this.handler = handler;
  }

  /** Serves it to its end; never throws. */
  void serve() {
    try {
      socket.startHandshake();
      List<X509Certificate> client = clientCertificates();
      boolean more = true;
      while (more) {
        @Nullable List<String> head = head(socket.getInputStream());
        more = head != null && answer(head, client);
      }
    } catch (IOException e) {
      log.debug("a connection ended: {}", e.toString());
    } finally {
      close();
    }
  }

  /** Breaks it if the request that it is there for does not come. */
  synchronized void sweep(long now) {
    if (!answering && now - deadline > 0) {
      breakOff();
    }
  }

  /** Ends it at once, whatever is being written to it or read from it. */
  void breakOff() {
    try {
      raw.close();
    } catch (IOException e) {
      log.debug("a connection was broken already: {}", e.toString());
    }
  }

  /** Tells the client that there is no more to come. */
  private void close() {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("the client did not wait for the end: {}", e.toString());
    } finally {
      breakOff();
    }
  }

  private boolean answer(List<String> head, List<X509Certificate> client) throws IOException {
    setAnswering(true);
    try {
      return answerNow(head, client);
    } finally {
      setAnswering(false);
    }
  }

  private boolean answerNow(List<String> head, List<X509Certificate> client) throws IOException {
    var out = new BufferedOutputStream(socket.getOutputStream(), 16 << 10);
    Request request;
    try {
      request = Request.of(head, client);
    } catch (BadRequestException e) {
      new Response(out, whenGone -> {}, true).send(e.status(), e.getMessage() + "\n");
      return false;
    }
    var response = new Response(out, this::watch, request.wantsClose());
    try {
      handler.answer(request, response);
    } catch (RuntimeException e) {
      log.error("{} could not be answered", request.pathText(), e);
      if (response.status() == 0) {
        response.send(500, "the server met a fault of its own; its log has more\n");
      } else {
        breakOff(); // else half an answer would look whole
      }
    }
    return !response.endsConnection();
  }

  /** A client that has asked sends nothing more before it is answered: what comes is its end. */
  private void watch(Runnable whenGone) {
    Thread.ofVirtual()
        .name("https-watch")
        .start(() -> {
          try {
            int read = socket.getInputStream().read();
            log.trace("the client's side ended with {}", read);
          } catch (IOException e) {
            log.trace("the client's side broke: {}", e.toString());
          }
          if (!raw.isClosed()) {
            breakOff();
            whenGone.run();
          }
        });
  }

  private synchronized void setAnswering(boolean now) {
    answering = now;
    deadline = System.nanoTime() + NEXT_REQUEST.toNanos();
  }

  private List<X509Certificate> clientCertificates() {
    try {
      return Stream.of(socket.getSession().getPeerCertificates())
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  /** The lines of a request's head; null when the client has no further request. */
  private static @Nullable List<String> head(InputStream in) throws IOException {
    var lines = new ArrayList<String>();
    var line = new ByteArrayOutputStream();
    for (int total = 0; total < MOST_HEAD_BYTES; total++) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      if (b != '\n') {
        line.write(b);
        continue;
      }
      String text = line.toString(StandardCharsets.ISO_8859_1);
      text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      line.reset();
      if (!text.isEmpty()) {
        lines.add(text);
      } else if (!lines.isEmpty()) {
        return lines;
      }
    }
    throw new IOException("a request's head is longer than " + MOST_HEAD_BYTES + " bytes");
  }
}
