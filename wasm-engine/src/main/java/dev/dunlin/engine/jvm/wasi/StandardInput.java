package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Standard input. A thread of its own reads ahead, one buffer and only when the guest asks: so the
 * guest's wait can be ended whatever the stream does, and {@code poll_oneoff} knows when there is
 * something to read.
 */
final class StandardInput implements Descriptor {
  private static final int BUFFER_BYTES = 16 << 10;

  private final InputStream in;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock, but for the buffer while `wanted`: then it is the reader's.
  private byte[] buffer = {};
  private int position;
  private int limit;
  private boolean wanted;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;
  private @Nullable Thread reader;

  StandardInput(InputStream in) {
    this.in = in;
  }

  @Override
  public long rights() {
    return Rights.FD_READ;
  }

  @Override
  public FileType fileType() {
    return FileType.UNKNOWN;
  }

  /** Reads at least one byte, or answers 0 at the end. */
  int read(byte[] target, int offset, int length) throws IOException, InterruptedException {
    if (length == 0) {
      return 0;
    }
    lock.lockInterruptibly();
    try {
      want();
      while (wanted) {
        changed.await();
      }
      throwFailure();
      int count = Math.min(length, limit - position);
      System.arraycopy(buffer, position, target, offset, count);
      position += count;
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a read would not block, at most {@code nanos}; tells whether that is so. */
  boolean awaitReadable(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      want();
      long left = nanos;
      while (wanted && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !wanted;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that a read gets without blocking; 0 at the end. */
  int buffered() {
    lock.lock();
    try {
      return wanted ? 0 : limit - position;
    } finally {
      lock.unlock();
    }
  }

  private void want() {
    if (wanted || position < limit || ended || failure != null) {
      return;
    }
    wanted = true;
    if (reader == null) {
      buffer = new byte[BUFFER_BYTES];
      reader = Thread.ofVirtual().name("wasm-stdin").start(this::readAhead);
    }
    changed.signalAll();
  }

  private void throwFailure() throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
  }

  private void readAhead() {
    try {
      while (awaitWanted()) {
        int count = in.read(buffer, 0, buffer.length);
        deliver(Math.max(count, 0), count < 0, null);
      }
    } catch (IOException e) {
      deliver(0, false, e);
    } catch (InterruptedException e) {
      deliver(0, true, null); // closed
    } catch (RuntimeException e) {
      deliver(0, false, new IOException(e));
    }
  }

  private boolean awaitWanted() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!wanted && !closed && !ended) {
        changed.await();
      }
      return wanted && !closed;
    } finally {
      lock.unlock();
    }
  }

  private void deliver(int count, boolean end, @Nullable IOException fault) {
    lock.lock();
    try {
      position = 0;
      limit = count;
      ended |= end;
      failure = fault;
      wanted = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      ended = true;
      if (reader != null) {
        reader.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
