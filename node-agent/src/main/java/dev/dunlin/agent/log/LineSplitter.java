package dev.dunlin.agent.log;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines of text. A line longer than {@code maxBytes} is passed on in
 * pieces, none of which breaks a UTF-8 sequence; bytes that are no UTF-8 become U+FFFD. Many
 * threads may write.
 */
final class LineSplitter extends OutputStream {
  /** Told of each line, or piece of one that goes on. */
  interface Lines {
    void add(String text, boolean whole);
  }

  private final int maxBytes;
  private final Lines lines;
  private final Runnable whenClosed;

  /** Guarded by this; grows to {@code maxBytes} only for a guest that writes such lines. */
  private byte[] pending = new byte[256];

  private int length;

  private boolean closed;

  /**
   * @param whenClosed called once, after the last line
   */
  LineSplitter(int maxBytes, Lines lines, Runnable whenClosed) {
    if (maxBytes < 4) {
      throw new IllegalArgumentException("a line holds at least one UTF-8 sequence of 4 bytes");
    }
    this.maxBytes = maxBytes;
    this.lines = lines;
    this.whenClosed = whenClosed;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] == '\n') {
        passOn(length > 0 && pending[length - 1] == '\r' ? length - 1 : length, length, true);
      } else {
        add(bytes[i]);
      }
    }
  }

  /** Passes on what has no line end yet. */
  @Override
  public synchronized void close() {
    if (length > 0) {
      passOn(length, length, true);
    }
    if (!closed) {
      closed = true;
      whenClosed.run();
    }
  }

  private void add(byte b) {
    if (length == maxBytes) {
      int cut = beforeOpenSequence();
      passOn(cut, cut, false);
    }
    if (length == pending.length) {
      pending = Arrays.copyOf(pending, Math.min(maxBytes, 2 * length));
    }
    pending[length++] = b;
  }

  private void passOn(int textEnd, int consumed, boolean whole) {
    lines.add(new String(pending, 0, textEnd, StandardCharsets.UTF_8), whole);
    System.arraycopy(pending, consumed, pending, 0, length - consumed);
    length -= consumed;
  }

  /** Where to cut so that a sequence that has begun and not ended stays whole (RFC 3629, 3). */
  private int beforeOpenSequence() {
    for (int back = 1; back <= Math.min(3, length - 1); back++) {
      int b = pending[length - back] & 0xff;
      if (b >= 0xc0) {
        int needed = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
        return needed > back ? length - back : length;
      }
      if (b < 0x80) {
        return length;
      }
    }
    return length;
  }
}
