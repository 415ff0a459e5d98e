package dev.dunlin.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds its writers back to a {@link Pace}. Writers take turns, one whole write at a time. A
 * waiting one can be interrupted: then its write has ended in the middle, with an {@link
 * InterruptedIOException}, and the interrupt flag stays set.
 */
public final class PacedOutput extends OutputStream {
  private final OutputStream out;
  private final Pace pace;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * @param pace which other outputs may share
   */
  public PacedOutput(OutputStream out, Pace pace) {
    this.out = out;
    this.pace = pace;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    inTurn(() -> {
      for (int done = 0; done < length; ) {
        int part = (int) Math.min(pace.burstBytes(), length - done);
        pace.awaitRoom(part);
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
}
