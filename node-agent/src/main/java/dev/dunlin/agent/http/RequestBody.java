package dev.dunlin.agent.http;

import io.helidon.http.RequestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request's body as a guest reads it: no longer than it may be. Read by one thread at a time. */
final class RequestBody extends InputStream {
  private final Supplier<InputStream> source;
  private final long most;
  private final Pace pace;
  private final Consumer<Exchange.Cut> faulty;
  private long count;
  private volatile @Nullable InputStream opened;
  private volatile boolean ended;

  /**
   * @param source asked with the first read: a client that waits for 100 (Continue) is told then
   * @param most bytes
   * @param faulty told why there is no more of it, before its reader is told
   */
  RequestBody(Supplier<InputStream> source, long most, Pace pace, Consumer<Exchange.Cut> faulty) {
    this.source = source;
    this.most = most;
    this.pace = pace;
    this.faulty = faulty;
  }

  /** Whether it has been read to its end. */
  boolean isEnded() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = read(() -> in().read(bytes, offset, length));
    ended |= read < 0;
    count += Math.max(0, read);
    if (count > most) {
      faulty.accept(Exchange.Cut.BODY_TOO_LONG);
      throw new IOException("the request's body is longer than " + most + " bytes");
    }
    return read;
  }

  @Override
  public int available() throws IOException {
    return ask(() -> in().available());
  }

  /** What is left is the connection's to deal with. */
  @Override
  public void close() {}

  private InputStream in() {
    InputStream in = opened;
    if (in == null) {
      in = source.get();
      opened = in;
    }
    return in;
  }

  private interface Question {
    int ask() throws IOException;
  }

  private int read(Question next) throws IOException {
    int read = 0;
    pace.begin(System.nanoTime(), 0);
    try {
      read = ask(next);
      return read;
    } finally {
      pace.end(System.nanoTime(), Math.max(0, read));
    }
  }

  /** A guest is told of an I/O error, whatever it is. */
  private int ask(Question question) throws IOException {
    try {
      return question.ask();
    } catch (RequestException e) {
      faulty.accept(Exchange.Cut.BODY_MALFORMED);
      throw new IOException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) { // else it is our doing
        faulty.accept(Exchange.Cut.CLIENT_GONE);
      }
      throw new IOException("the client has gone", e);
    }
  }
}
