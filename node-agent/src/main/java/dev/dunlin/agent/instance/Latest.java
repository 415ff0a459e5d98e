package dev.dunlin.agent.instance;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the newest value until it is written: one write at a time, values that were overtaken are
 * left out, and a write that fails is tried again for as long as it takes. Never makes the giver
 * wait.
 */
final class Latest<T> {
  private static final Logger log = LoggerFactory.getLogger(Latest.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String what;
  private final Consumer<T> write;
  private final Executor executor;
  private final Semaphore slots;

  /** Guarded by this, as are the two below. */
  private @Nullable T next;

  private boolean writing;
  private boolean closed;

  /**
   * @param slots how many writes there may be at once, shared by many
   */
  Latest(String what, Consumer<T> write, Executor executor, Semaphore slots) {
    this.what = what;
    this.write = write;
    this.executor = executor;
    this.slots = slots;
  }

  synchronized void put(T value) {
    if (closed) {
      return;
    }
    next = value;
    if (!writing) {
      writing = true;
      executor.execute(this::writeAll);
    }
  }

  /** Forgets what is not written yet. */
  synchronized void close() {
    closed = true;
    next = null;
    notifyAll();
  }

  /** Waits until all is written; false when that took longer than {@code limit}. */
  synchronized boolean awaitWritten(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (writing && !closed) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private void writeAll() {
    Duration pause = FIRST_PAUSE;
    for (T value = take(); value != null; value = take()) {
      if (tryWrite(value)) {
        pause = FIRST_PAUSE;
      } else {
        putBack(value);
        try {
          Thread.sleep(pause);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          close();
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  private boolean tryWrite(T value) {
    slots.acquireUninterruptibly();
    try {
      write.accept(value);
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      log.info("{} could not be written, it is tried again: {}", what, e.toString());
      return false;
    } finally {
      slots.release();
    }
  }

  private synchronized @Nullable T take() {
    T value = next;
    next = null;
    if (value == null) {
      writing = false;
      notifyAll();
    }
    return value;
  }

  private synchronized void putBack(T value) {
    if (next == null && !closed) {
      next = value;
    }
  }
}
