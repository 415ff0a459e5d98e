package dev.dunlin.agent.idle;

import dev.dunlin.engine.HttpGuest;
import java.util.concurrent.atomic.AtomicLong;

/** A guest for as long as it is awake: it can be ended only while nobody is inside. */
final class Stay {
  /** So low that no number of visits lifts it above 0. */
  private static final long ENDED = Long.MIN_VALUE / 2;

  private final HttpGuest guest;
  private final AtomicLong inside = new AtomicLong();

  Stay(HttpGuest guest) {
    this.guest = guest;
  }

  HttpGuest guest() {
    return guest;
  }

  /** False once it has ended; else {@link #leave} is to follow. */
  boolean enter() {
    if (inside.incrementAndGet() > 0) {
      return true;
    }
    inside.decrementAndGet();
    return false;
  }

  void leave() {
    inside.decrementAndGet();
  }

  /** Lets nobody enter any more, unless somebody is inside. */
  boolean end() {
    return inside.compareAndSet(0, ENDED);
  }
}
