package dev.dunlin.https;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Content of unknown length (RFC 9112, 7.1): a chunk a flush, or when there is much. */
final class Chunks extends OutputStream {
  private static final int MOST = 16 << 10;

  private final OutputStream out;
  private final byte[] pending = new byte[MOST];
  private int length;
  private boolean closed;

  Chunks(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int written = 0;
    while (written < count) {
      int some = Math.min(count - written, MOST - length);
      System.arraycopy(bytes, offset + written, pending, length, some);
      length += some;
      written += some;
      if (length == MOST) {
        pass();
      }
    }
  }

  @Override
  public void flush() throws IOException {
    pass();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      pass();
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }

  private void pass() throws IOException {
    if (length > 0) {
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(pending, 0, length);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      length = 0;
    }
  }
}
