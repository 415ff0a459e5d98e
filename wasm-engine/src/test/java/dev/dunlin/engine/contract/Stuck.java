package dev.dunlin.engine.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** What the guest "stuck" does not come back from, and streams that leave it there. */
enum Stuck {
  ENDLESS_LOOP('l', true),
  DEEP_RECURSION('d', true),
  CALLS_THROUGH_A_TABLE('i', true),
  FILLING_MEMORY('f', true),
  COPYING_MEMORY('c', true),
  FILLING_A_TABLE('t', true),
  GROWING_IN_VAIN('g', true),
  YIELDING('y', true),
  A_BUSY_HOST_CALL('h', true),
  A_SLEEP('s', false),
  A_POLL_OF_INPUT('p', false),
  A_READ('r', false),
  A_WRITE('w', false);

  private final int letter;

  /** It uses a processor all the time. */
  private final boolean busy;

  Stuck(char letter, boolean busy) {
    this.letter = letter;
    this.busy = busy;
  }

  boolean busy() {
    return busy;
  }

  /** Has the letter, and then never anything. */
  InputStream input() {
    return new Letter(letter);
  }

  /** Takes the dot and tells {@code begun}; never takes anything more. */
  static OutputStream output(CountDownLatch begun) {
    return new Dot(begun);
  }

  private static void waitForEver() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static final class Letter extends InputStream {
    private final int letter;
    private boolean taken;

    Letter(int letter) {
      this.letter = letter;
    }

    @Override
    public int read() throws IOException {
      if (taken) {
        waitForEver();
      }
      taken = true;
      return letter;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      target[offset] = (byte) read();
      return 1;
    }
  }

  private static final class Dot extends OutputStream {
    private final CountDownLatch begun;

    Dot(CountDownLatch begun) {
      this.begun = begun;
    }

    @Override
    public void write(int b) throws IOException {
      if (begun.getCount() == 0) {
        waitForEver();
      }
      begun.countDown();
    }
  }
}
