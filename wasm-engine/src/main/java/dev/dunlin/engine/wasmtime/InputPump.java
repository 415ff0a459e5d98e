package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a guest its input when it asks, on a virtual thread that begins with the first question:
 * the stream may block, and the guest's wait can be ended all the same.
 */
final class InputPump {
  private static final Logger log = LoggerFactory.getLogger(InputPump.class);
  private static final int CHUNK_BYTES = 16 << 10;

  private final Native library;
  private final InputStream source;
  private volatile boolean wanted;
  private volatile boolean stopped;

  /** Set by whoever says that input is wanted, one at a time. */
  private volatile @Nullable Thread thread;

  /** Guarded by this: an interrupt is for the stream alone. */
  private boolean reading;

  InputPump(Native library, InputStream source) {
    this.library = library;
    this.source = source;
  }

  /** The guest asks for input, or has room for more. */
  void wake(long task) {
    wanted = true;
    var running = thread;
    if (running == null) {
      thread = Thread.ofVirtual().name("wasm-input").start(() -> pump(task));
    } else {
      LockSupport.unpark(running);
    }
  }

  boolean isRunning() {
    return thread != null;
  }

  /** The guest has ended. A read that is under way is told by an interrupt, and not waited for. */
  void stop() {
    var running = thread;
    if (running == null) {
      return;
    }
    synchronized (this) {
      stopped = true;
      if (reading) {
        running.interrupt();
      }
    }
    LockSupport.unpark(running);
  }

  private void pump(long task) {
    try {
      byte[] chunk = new byte[CHUNK_BYTES];
      while (awaitWanted()) {
        int count = read(chunk);
        if (count < 0) {
          library.border().taskClose(task, Dunlin.INPUT, 0);
          return;
        }
        if (!give(task, chunk, count)) {
          return;
        }
      }
    } catch (IOException e) {
      library.border().taskClose(task, Dunlin.INPUT, 1); // EIO to the guest, and nothing more
    } catch (RuntimeException e) {
      library.border().taskClose(task, Dunlin.INPUT, 1);
      log.warn("a stream for a guest's input failed", e);
    }
  }

  private int read(byte[] chunk) throws IOException {
    synchronized (this) {
      if (stopped) {
        return -1;
      }
      reading = true;
    }
    try {
      return source.read(chunk, 0, chunk.length);
    } finally {
      synchronized (this) {
        reading = false;
      }
    }
  }

  private boolean give(long task, byte[] chunk, int count) {
    for (int given = 0; given < count; ) {
      int taken = library.write(task, chunk, given, count - given);
      if (taken < 0) {
        return false;
      }
      given += taken;
      if (given < count && !awaitWanted()) {
        return false;
      }
    }
    return true;
  }

  private boolean awaitWanted() {
    while (!wanted && !stopped) {
      LockSupport.park(this);
    }
    wanted = false;
    return !stopped;
  }
}
