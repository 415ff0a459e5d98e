package dev.dunlin.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request under way: lets it be ended from outside, at most once, and never after it has ended
 * by itself. Its mutable fields are guarded by itself.
 */
final class Exchange {
  /** Why a request was ended from outside. */
  enum Cut {
    TIMEOUT,
    CLIENT_GONE,
    /** Its body comes too slowly. */
    BODY_SLOW,
    /** Its body is longer than it may be. */
    BODY_TOO_LONG,
    /** Its body is no HTTP. */
    BODY_MALFORMED
  }

  private final Thread thread = Thread.currentThread();
  private final long endNanos;
  private final @Nullable AppConnection connection;
  private final Pace pace;
  private final @Nullable RequestBody body;
  private boolean begun;
  private boolean over;
  private boolean interruptDue;
  private @Nullable Cut cut;

  /**
   * @param connection null where the client's going cannot be seen (HTTP/2)
   * @param maxBody bytes
   * @param patience with a client that sends its body slowly
   */
  Exchange(
      long endNanos,
      @Nullable AppConnection connection,
      Optional<Supplier<InputStream>> body,
      long maxBody,
      Duration patience) {
    this.endNanos = endNanos;
    this.connection = connection;
    this.pace = new Pace(patience);
    this.body = body.map(source -> new RequestBody(source, maxBody, pace, this::cut)).orElse(null);
  }

  InputStream body() {
    return body == null ? InputStream.nullInputStream() : body;
  }

  /** Whether nothing of its body is left unread. */
  boolean isBodyRead() {
    return body == null || body.isEnded();
  }

  /** From here on the client's going shows itself when it is written to. */
  synchronized void begin() {
    begun = true;
  }

  /** Ends the request if its time is over or nobody waits for it. */
  synchronized void sweep(long nowNanos) throws IOException {
    if (interruptDue) {
      interruptDue = false;
      thread.interrupt();
    } else if (over || cut != null) {
      return;
    } else if (nowNanos - endNanos > 0) {
      cutReading(Cut.TIMEOUT);
    } else if (connection != null && pace.isLost(nowNanos)) {
      cutReading(Cut.BODY_SLOW);
    } else if (connection != null && !begun && isBodyRead() && connection.clientIsGone()) {
      cut(Cut.CLIENT_GONE);
    }
  }

  /** Ends the request, unless that has been done. */
  synchronized void cut(Cut why) {
    if (!over && cut == null) {
      cut = why;
      if (Thread.currentThread() == thread) {
        interruptDue = true; // it may still read or write
      } else {
        thread.interrupt();
      }
    }
  }

  /** The request has ended; says why it was ended, if it was. */
  synchronized @Nullable Cut end() {
    over = true;
    interruptDue = false;
    if (cut != null) {
      // Ours, and meant for the request alone; the connection goes on with the next one.
      boolean _ = Thread.interrupted();
    }
    return cut;
  }

  /**
   * Who is interrupted in a read from a connection breaks it, and the client would get no answer:
   * where the body is being read its end comes first, and the interrupt with the next look.
   */
  private void cutReading(Cut why) throws IOException {
    if (connection == null || !pace.isWaiting()) {
      cut(why);
    } else {
      cut = why;
      interruptDue = true;
      connection.endInput();
    }
  }
}
