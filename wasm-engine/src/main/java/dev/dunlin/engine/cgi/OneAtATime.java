package dev.dunlin.engine.cgi;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/** Lets many guests write to one stream, one whole write at a time; a waiting one can be ended. */
final class OneAtATime extends OutputStream {
  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;

  OneAtATime(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    locked(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    locked(out::flush);
  }

  private interface Action {
    void run() throws IOException;
  }

  private void locked(Action action) throws IOException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
