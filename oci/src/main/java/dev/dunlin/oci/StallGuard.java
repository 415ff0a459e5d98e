package dev.dunlin.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A body that closes itself when one read brings nothing for too long; java.net.http has a timeout
 * for the head of an answer only.
 */
final class StallGuard extends FilterInputStream {
  private final Duration patience;
  private final Thread watcher;
  // Owned by the reader; the watcher only looks. Zero while no read is under way.
  private volatile long readingSince;
  private volatile boolean stalled;
  private volatile boolean closed;

  StallGuard(InputStream body, Duration patience) {
    super(body);
    this.patience = patience;
    this.watcher = Thread.ofVirtual().name("registry-stall-guard").start(this::watch);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    readingSince = System.nanoTime() | 1;
    try {
      int n = in.read(buffer, offset, length);
      if (n < 0 && stalled) {
        throw new IOException("closed");
      }
      return n;
    } catch (IOException e) {
      Backoff.requireNotInterrupted();
      if (stalled) {
        throw new HttpTimeoutException(
            "the registry sent nothing for %d ms".formatted(patience.toMillis()));
      }
      throw e;
    } finally {
      readingSince = 0;
    }
  }

  private void watch() {
    long tick = Math.max(patience.toNanos() / 4, 1_000_000);
    while (!closed) {
      LockSupport.parkNanos(tick);
      long since = readingSince;
      if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
        stalled = true;
        closeBody();
        return;
      }
    }
  }

  private void closeBody() {
    try {
      in.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(watcher);
    in.close();
  }
}
