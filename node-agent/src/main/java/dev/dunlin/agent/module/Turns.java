package dev.dunlin.agent.module;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/**
 * Lets one caller at a time at each thing; those who waited look again whether it is still to do.
 */
final class Turns {
  private final ConcurrentMap<String, CompletableFuture<Void>> taken = new ConcurrentHashMap<>();

  /** Whether it is the caller's turn, who must {@link #end} it; if not, returns after another's. */
  boolean takeOrAwait(String thing) {
    CompletableFuture<Void> others = taken.putIfAbsent(thing, new CompletableFuture<>());
    if (others == null) {
      return true;
    }
    await(others);
    return false;
  }

  void end(String thing) {
    CompletableFuture<Void> done = taken.remove(thing);
    if (done != null) {
      done.complete(null);
    }
  }

  static void await(CompletableFuture<Void> done) {
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while another caller fetches the same module");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
