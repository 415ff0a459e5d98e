package dev.dunlin.engine.wasmtime;

import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells tasks what is new with them. One thread waits in the library for all of them; it runs
 * nobody's code but {@link Listener#tell}, which only wakes other threads.
 */
final class Events {
  private static final Logger log = LoggerFactory.getLogger(Events.class);
  private static final int AT_ONCE = 256;
  private static final int EVENT_BYTES = 16;
  private static final long WAIT_MILLIS = 60_000;

  /** Whom news concern. */
  interface Listener {
    /** Takes note of bits of dunlin.h; must neither wait nor throw. */
    void tell(int bits);

    /** Ends the task from outside. */
    void cancel();

    /** Waits until the library has nothing more to say of it. */
    void awaitEnded();
  }

  private final ConcurrentHashMap<Long, Listener> listeners = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final Border border;
  private final long engine;
  private final Thread thread;

  Events(Border border, long engine) {
    this.border = border;
    this.engine = engine;
    this.thread = Thread.ofPlatform().daemon().name("wasm-events").start(this::deliver);
  }

  /** From here on {@code listener} is told of the token that this returns. */
  long add(Listener listener) {
    long token = tokens.incrementAndGet();
    listeners.put(token, listener);
    return token;
  }

  void remove(long token) {
    listeners.remove(token);
  }

  /** Those that have not ended. */
  Collection<Listener> listeners() {
    return listeners.values();
  }

  private void deliver() {
    try (var arena = Arena.ofConfined()) {
      var events = arena.allocate(AT_ONCE * EVENT_BYTES, Long.BYTES);
      for (int count; (count = border.engineEvents(engine, events, AT_ONCE, WAIT_MILLIS)) >= 0; ) {
        for (int i = 0; i < count; i++) {
          long at = (long) i * EVENT_BYTES;
          var listener = listeners.get(events.get(Blob.U64, at));
          if (listener != null) {
            listener.tell((int) events.get(Blob.U64, at + Long.BYTES));
          }
        }
      }
    } catch (RuntimeException | Error e) {
      log.error("nobody tells the guests' hosts what is new any more", e);
    }
  }

  /** Waits until the thread has seen that the engine was freed. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }
}
