package dev.dunlin.engine.cgi;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes from a guest to the thread that answers; a full pipe holds the guest back. */
final class Pipe {
  private static final int CAPACITY = 64 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final byte[] ring = new byte[CAPACITY];
  private int start;
  private int count;
  private boolean writerClosed;
  private boolean readerClosed;

  /** The guest's end. */
  OutputStream sink() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        put(bytes, offset, length);
      }
    };
  }

  private void put(byte[] bytes, int offset, int length) throws IOException {
    try {
      lock.lockInterruptibly();
      try {
        for (int done = 0; done < length; ) {
          while (count == CAPACITY && !readerClosed) {
            changed.await();
          }
          if (readerClosed) {
            throw new IOException("nobody reads this any more");
          }
          done += putSome(bytes, offset + done, length - done);
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private int putSome(byte[] bytes, int offset, int length) {
    int end = (start + count) % CAPACITY;
    int part = Math.min(Math.min(length, CAPACITY - count), CAPACITY - end);
    System.arraycopy(bytes, offset, ring, end, part);
    count += part;
    return part;
  }

  /** Takes what is there, or waits for it; -1 once the guest has ended and all is taken. */
  int take(byte[] target) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (count == 0 && !writerClosed) {
        changed.await();
      }
      if (count == 0) {
        return -1;
      }
      int part = Math.min(Math.min(target.length, count), CAPACITY - start);
      System.arraycopy(ring, start, target, 0, part);
      start = (start + part) % CAPACITY;
      count -= part;
      changed.signalAll();
      return part;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return count == 0;
    } finally {
      lock.unlock();
    }
  }

  void closeWriter() {
    close(true, false);
  }

  void closeReader() {
    close(false, true);
  }

  private void close(boolean writer, boolean reader) {
    lock.lock();
    try {
      writerClosed |= writer;
      readerClosed |= reader;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
