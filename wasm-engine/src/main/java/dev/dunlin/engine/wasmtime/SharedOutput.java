package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/** A stream that the requests of a guest share, one whole write at a time. */
final class SharedOutput {
  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream sink;

  SharedOutput(OutputStream sink) {
    this.sink = sink;
  }

  /** Tells whether it takes more. A thread that is interrupted while it waits writes nothing. */
  boolean write(byte[] bytes) {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
    try {
      sink.write(bytes, 0, bytes.length);
      return true;
    } catch (IOException e) {
      return false; // the guest is told: its next write fails
    } finally {
      lock.unlock();
    }
  }
}
