package dev.dunlin.engine.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * A standard stream between a test and its guest: bytes that one side writes and the other reads.
 */
final class Strand {
  private byte[] bytes = {};
  private int position;
  private boolean ended;

  synchronized void write(byte[] more, int offset, int length) {
    int end = bytes.length;
    bytes = Arrays.copyOf(bytes, end + length);
    System.arraycopy(more, offset, bytes, end, length);
    notifyAll();
  }

  void write(String text) {
    var more = text.getBytes(StandardCharsets.UTF_8);
    write(more, 0, more.length);
  }

  /** Nothing more comes. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** The next {@code count} bytes as text; fewer at the end, or when the time is over. */
  synchronized String read(int count, Duration patience) throws InterruptedException {
    await(count, patience);
    var text =
        new String(
            bytes, position, Math.min(count, bytes.length - position), StandardCharsets.UTF_8);
    position += Math.min(count, bytes.length - position);
    return text;
  }

  /** The next line, without its end. */
  String readLine(Duration patience) throws InterruptedException {
    var line = new StringBuilder();
    for (var next = read(1, patience); !next.isEmpty() && !next.equals("\n"); ) {
      line.append(next);
      next = read(1, patience);
    }
    return line.toString().strip();
  }

  /** What has come and was not read. */
  synchronized String rest() {
    return new String(bytes, position, bytes.length - position, StandardCharsets.UTF_8);
  }

  private void await(int count, Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (!ended && bytes.length - position < count) {
      long millis = (until - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return;
      }
      wait(millis);
    }
  }

  private synchronized int take(byte[] target, int offset, int length) throws IOException {
    try {
      while (!ended && position == bytes.length) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    int count = Math.min(length, bytes.length - position);
    System.arraycopy(bytes, position, target, offset, count);
    position += count;
    return count == 0 && length > 0 ? -1 : count;
  }

  InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return take(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return take(target, offset, length);
      }
    };
  }

  OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int one) {
        Strand.this.write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) {
        Strand.this.write(source, offset, length);
      }
    };
  }
}
