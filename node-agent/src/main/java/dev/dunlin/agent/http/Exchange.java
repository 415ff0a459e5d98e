package dev.dunlin.agent.http;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One request under way: lets it be ended from outside, at most once, and never after it has ended
 * by itself. Its mutable fields are guarded by itself.
 */
final class Exchange {
  /** Why a request was ended from outside. */
  enum Cut {
    TIMEOUT,
    CLIENT_GONE
  }

  private final Thread thread = Thread.currentThread();
  private final long endNanos;
  private final @Nullable AppConnection connection;
  private final InputStream body;
  private boolean bodyRead;
  private boolean begun;
  private boolean over;
  private @Nullable Cut cut;

  /**
   * @param connection null where the client's going cannot be seen (HTTP/2)
   */
  Exchange(long endNanos, @Nullable AppConnection connection, @Nullable InputStream body) {
    this.endNanos = endNanos;
    this.connection = connection;
    this.bodyRead = body == null;
    this.body = body == null ? InputStream.nullInputStream() : new Watched(body);
  }

  InputStream body() {
    return body;
  }

  /** From here on the client's going shows itself when it is written to. */
  synchronized void begin() {
    begun = true;
  }

  /** Ends the request if its time is over or nobody waits for it. */
  synchronized void sweep(long nowNanos) throws IOException {
    if (over || cut != null) {
      return;
    }
    if (nowNanos - endNanos > 0) {
      cut(Cut.TIMEOUT);
    } else if (connection != null && !begun && bodyRead && connection.clientIsGone()) {
      cut(Cut.CLIENT_GONE);
    }
  }

  /** The request has ended; says why it was ended, if it was. */
  synchronized @Nullable Cut end() {
    over = true;
    if (cut != null) {
      // Ours, and meant for the request alone; the connection goes on with the next one.
      boolean _ = Thread.interrupted();
    }
    return cut;
  }

  private synchronized void bodyRead() {
    bodyRead = true;
  }

  private void cut(Cut why) {
    cut = why;
    thread.interrupt();
  }

  private final class Watched extends InputStream {
    private final InputStream in;

    Watched(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return noted(in.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      return noted(in.read(bytes, offset, count));
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    private int noted(int result) {
      if (result < 0) {
        bodyRead();
      }
      return result;
    }
  }
}
