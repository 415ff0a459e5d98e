package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one output of a command to its stream, on a virtual thread that begins with the first
 * byte: the stream may block, and holds the guest back by that alone.
 */
final class OutputPump {
  private static final Logger log = LoggerFactory.getLogger(OutputPump.class);
  private static final byte[] NOTHING = new byte[0];
  private static final Duration INSIST = Duration.ofMillis(20);

  private final Native library;
  private final int stream;
  private final OutputStream sink;
  private volatile boolean news;
  private volatile boolean last;
  private volatile boolean stopped;

  /** Read before there was a thread. */
  private byte[] held = NOTHING;

  /** Set by whoever tells of news, one at a time. */
  private volatile @Nullable Thread thread;

  OutputPump(Native library, int stream, OutputStream sink) {
    this.library = library;
    this.stream = stream;
    this.sink = sink;
  }

  /** There is something to read. */
  void wake(long task) {
    news = true;
    var running = thread;
    if (running == null) {
      thread = Thread.ofVirtual().name("wasm-output").start(() -> pump(task));
    } else {
      LockSupport.unpark(running);
    }
  }

  /** Nothing more will be written: the pump ends with what is there. */
  void wakeLast(long task) {
    last = true;
    if (thread != null) {
      LockSupport.unpark(thread);
      return;
    }
    var rest = library.read(task, stream);
    if (rest != null && rest.length > 0) { // else there never was anything
      held = rest;
      wake(task);
    }
  }

  /** Ends it now, whatever its stream is doing. */
  void stop() {
    stopped = true;
    var running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /**
   * Waits until all is carried, or it was stopped.
   *
   * @param atMost how long; then it is stopped
   * @return whether it ended in that time
   */
  boolean join(@Nullable Duration atMost) throws InterruptedException {
    var running = thread;
    if (running == null) {
      return true;
    }
    boolean inTime = true;
    if (!stopped) {
      inTime = joined(running, atMost);
    }
    // A stream may have swallowed the interrupt and gone on to wait.
    while (!running.join(INSIST)) {
      stopped = true;
      running.interrupt();
    }
    return inTime;
  }

  private boolean joined(Thread running, @Nullable Duration atMost) throws InterruptedException {
    long end = atMost == null ? Long.MAX_VALUE : System.nanoTime() + atMost.toNanos();
    while (!stopped) {
      long left = atMost == null ? Long.MAX_VALUE : end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (running.join(Duration.ofNanos(Math.min(left, INSIST.toNanos())))) {
        return true;
      }
    }
    return true;
  }

  @SuppressWarnings("ThreadPriorityCheck") // fairness is all that yielding is for here
  private void pump(long task) {
    try {
      if (held.length > 0) {
        sink.write(held, 0, held.length);
      }
      while (!stopped) {
        news = false;
        boolean lastTime = last;
        byte[] bytes = library.read(task, stream);
        if (bytes == null) {
          sink.flush();
          return;
        }
        if (bytes.length > 0) {
          sink.write(bytes, 0, bytes.length);
          Thread.yield(); // a flood of one guest holds no carrier that others wait for
          continue;
        }
        sink.flush();
        if (lastTime) {
          return;
        }
        while (!news && !last && !stopped) {
          LockSupport.park(this);
        }
      }
    } catch (IOException e) {
      // The guest is told: its next write fails.
      library.border().taskClose(task, stream, 1);
    } catch (RuntimeException e) {
      library.border().taskClose(task, stream, 1);
      log.warn("a stream for a guest's output failed", e);
    }
  }
}
