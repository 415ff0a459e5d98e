package dev.dunlin.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request's body whose second half is sent only after the first has come back: a guest, or an
 * engine, that gathers a body before it passes it on never sees the end of this one.
 */
final class GuestsTestDialogue {
  static final String FIRST = "the first half, ";
  static final String SECOND = "and the second";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final CountDownLatch firstIsBack = new CountDownLatch(1);
  final ByteArrayOutputStream answer =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
          super.write(bytes, offset, length);
          if (size() >= FIRST.length()) {
            firstIsBack.countDown();
          }
        }
      };
  final InputStream question =
      new InputStream() {
        private int sent;

        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          String whole = FIRST + SECOND;
          if (sent == FIRST.length()) {
            waitForFirst();
          }
          int end = sent < FIRST.length() ? FIRST.length() : whole.length();
          int count = Math.min(length, end - sent);
          if (count == 0) {
            return -1;
          }
          System.arraycopy(whole.getBytes(UTF_8), sent, bytes, offset, count);
          sent += count;
          return count;
        }
      };

  private void waitForFirst() throws IOException {
    try {
      if (!firstIsBack.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the first half did not come back before the second was sent");
      }
    } catch (InterruptedException e) {
      var interrupted = new InterruptedIOException("the request was cancelled");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
