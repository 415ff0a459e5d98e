package dev.dunlin.agent;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far, to be closed should the next thing fail. Not thread-safe. */
final class Opened {
  private final Deque<AutoCloseable> things = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T thing) {
    things.push(thing);
    return thing;
  }

  /** Closes everything, the newest first; what fails at that is told with {@code why}. */
  void closeBecauseOf(Exception why) {
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        why.addSuppressed(e);
      } catch (Exception e) {
        why.addSuppressed(e);
      }
    }
  }
}
