package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.io.InputStream;

/**
 * Gives a request's body to its guest. What has come already is given on the thread that answers;
 * only for what is still to come is there a thread of its own. Belongs to the answering thread.
 */
final class RequestBody {
  private static final int MOST_AT_ONCE = 64 << 10;
  private static final byte[] NOTHING = new byte[0];

  private final Native library;
  private final InputStream source;
  private final InputPump pump;
  private long left;
  private byte[] chunk = NOTHING;
  private int given;
  private boolean closed;

  /**
   * @param bodyBytes how long it is, or -1
   */
  RequestBody(Native library, InputStream source, long bodyBytes) {
    this.library = library;
    this.source = source;
    this.left = bodyBytes;
    this.pump = new InputPump(library, source);
  }

  /** The guest asks for more. */
  void wake(long task) {
    if (pump.isRunning()) {
      pump.wake(task);
      return;
    }
    try {
      if (!closed && giveWhatIsHere(task)) {
        pump.wake(task);
      }
    } catch (IOException e) {
      close(task, 1);
    }
  }

  /** Tells whether only a thread that waits can go on. */
  private boolean giveWhatIsHere(long task) throws IOException {
    while (true) {
      while (given < chunk.length) {
        int taken = library.write(task, chunk, given, chunk.length - given);
        if (taken <= 0) {
          closed |= taken < 0;
          return false;
        }
        given += taken;
      }
      if (left == 0) {
        close(task, 0);
        return false;
      }
      int here = Math.min(source.available(), MOST_AT_ONCE);
      if (here <= 0) {
        return true;
      }
      chunk = source.readNBytes(left < 0 ? here : (int) Math.min(here, left));
      given = 0;
      if (chunk.length == 0) {
        close(task, 0);
        return false;
      }
      left -= left < 0 ? 0 : chunk.length;
    }
  }

  private void close(long task, int failed) {
    closed = true;
    library.border().taskClose(task, Dunlin.INPUT, failed);
  }

  void stop() {
    pump.stop();
  }
}
