package dev.dunlin.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * So many bytes a second on average, of one writer or of several together; what was not written for
 * a while may be written at once. Who comes first is served first.
 */
public final class Pace {
  /** How a writer waits; a test's own clock need not. */
  interface Sleep {
    void sleep(long nanos) throws InterruptedException;
  }

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

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
  public Pace(long bytesPerSecond, long burstBytes) {
    this(bytesPerSecond, burstBytes, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  Pace(long bytesPerSecond, long burstBytes, LongSupplier nanoTime, Sleep sleep) {
    if (bytesPerSecond < 1 || burstBytes < 1) {
      throw new IllegalArgumentException(
          "expected a rate and a burst of 1 byte or more, found %d and %d"
              .formatted(bytesPerSecond, burstBytes));
    }
    this.bytesPerSecond = bytesPerSecond;
    this.burstBytes = burstBytes;
    this.nanoTime = nanoTime;
    this.sleep = sleep;
    this.fullAtNanos = nanoTime.getAsLong();
  }

  /** The most that one wait is for. */
  long burstBytes() {
    return burstBytes;
  }

  /** Waits until {@code bytes}, at most a burst, may be written. */
  void awaitRoom(int bytes) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      long now = nanoTime.getAsLong();
      long owed = Math.max(0, fullAtNanos - now) + nanos(bytes);
      long wait = owed - nanos(burstBytes);
      if (wait > 0) {
        sleep.sleep(wait);
      }
      fullAtNanos = now + owed;
    } finally {
      turn.unlock();
    }
  }

  private long nanos(long bytes) {
    return Math.round((double) bytes / bytesPerSecond * SECOND);
  }
}
