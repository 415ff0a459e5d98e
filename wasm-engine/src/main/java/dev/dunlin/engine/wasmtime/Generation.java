package dev.dunlin.engine.wasmtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A guest in the library, as long as requests are under way on it: code that was unloaded or has
 * become better is left to the requests that began with it.
 */
final class Generation {
  private static final long RETIRED = 1L << 62;

  private final long handle;
  private final Consumer<Generation> last;

  /** How many requests are under way, and whether it takes no more. */
  private final AtomicLong uses = new AtomicLong();

  /**
   * @param last called once, when it is retired and unused
   */
  Generation(long handle, Consumer<Generation> last) {
    this.handle = handle;
    this.last = last;
  }

  long handle() {
    return handle;
  }

  /** Takes a use, unless it is retired. */
  boolean enter() {
    while (true) {
      long now = uses.get();
      if (now >= RETIRED) {
        return false;
      }
      if (uses.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  void leave() {
    if (uses.decrementAndGet() == RETIRED) {
      last.accept(this);
    }
  }

  boolean isUnused() {
    return uses.get() == 0;
  }

  /** Lets nobody enter any more; once only. */
  void retire() {
    if (uses.addAndGet(RETIRED) == RETIRED) {
      last.accept(this);
    }
  }
}
