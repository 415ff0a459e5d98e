package dev.dunlin.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Holds its writers back to a number of bytes a second on average; what was not written for a while
 * may be written at once. Writers take turns, one whole write at a time. A waiting one can be
 * interrupted: then its write has ended in the middle, with an {@link InterruptedIOException}, and
 * the interrupt flag stays set.
 */
public final class PacedOutput extends OutputStream {
  /** How a writer waits; a test's own clock need not. */
  interface Sleep {
    void sleep(long nanos) throws InterruptedException;
  }

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final OutputStream out;
  private final long bytesPerSecond;
  private final long burstBytes;
  private final LongSupplier nanoTime;
  private final Sleep sleep;
  private final ReentrantLock turn = new ReentrantLock(true);

  /** When the burst will be whole again; guarded by {@code turn}. */
  private long fullAtNanos;

  /**
   * @param bytesPerSecond on average, 1 or more
   * @param burstBytes that may be written at once, 1 or more
   */
  public PacedOutput(OutputStream out, long bytesPerSecond, long burstBytes) {
    this(out, bytesPerSecond, burstBytes, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  PacedOutput(
      OutputStream out, long bytesPerSecond, long burstBytes, LongSupplier nanoTime, Sleep sleep) {
    if (bytesPerSecond < 1 || burstBytes < 1) {
      throw new IllegalArgumentException(
          "expected a rate and a burst of 1 byte or more, found %d and %d"
              .formatted(bytesPerSecond, burstBytes));
    }
    this.out = out;
    this.bytesPerSecond = bytesPerSecond;
    this.burstBytes = burstBytes;
    this.nanoTime = nanoTime;
    this.sleep = sleep;
    this.fullAtNanos = nanoTime.getAsLong();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    inTurn(() -> {
      for (int done = 0; done < length; ) {
        int part = (int) Math.min(burstBytes, length - done);
        awaitRoom(part);
        out.write(bytes, offset + done, part);
        done += part;
      }
    });
  }

  @Override
  public void flush() throws IOException {
    inTurn(out::flush);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private interface Action {
    void perform() throws IOException, InterruptedException;
  }

  private void inTurn(Action action) throws IOException {
    try {
      turn.lockInterruptibly();
      try {
        action.perform();
      } finally {
        turn.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("held back").initCause(e);
    }
  }

  private void awaitRoom(int bytes) throws InterruptedException {
    long now = nanoTime.getAsLong();
    long owed = Math.max(0, fullAtNanos - now) + nanos(bytes);
    long wait = owed - nanos(burstBytes);
    if (wait > 0) {
      sleep.sleep(wait);
    }
    fullAtNanos = now + owed;
  }

  private long nanos(long bytes) {
    return Math.round((double) bytes / bytesPerSecond * SECOND);
  }
}
