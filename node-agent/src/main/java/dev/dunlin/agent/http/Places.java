package dev.dunlin.agent.http;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The places at work of an agent, shared by its apps: none gets them all, and one that becomes free
 * goes to the app that has the fewest. Guarded by itself.
 */
final class Places {
  private static final Deque<CountDownLatch> NOBODY = new ArrayDeque<>(0);

  private final Shares<AppKey> shares;

  /** By app, those that came first at the front; whoever was served last is last. */
  private final Map<AppKey, Deque<CountDownLatch>> waiting = new LinkedHashMap<>();

  Places(int most) {
    this.shares = new Shares<>(most);
  }

  /** Whether there is one for a request of the app within that time. */
  boolean take(AppKey app, long nanos) throws InterruptedException {
    var turn = new CountDownLatch(1);
    synchronized (this) {
      if (!waiting.containsKey(app) && shares.take(app)) {
        return true;
      }
      if (nanos <= 0) {
        return false;
      }
      waiting.computeIfAbsent(app, _ -> new ArrayDeque<>()).add(turn);
    }
    boolean taken = false;
    try {
      taken = turn.await(nanos, TimeUnit.NANOSECONDS);
      return taken || !withdraw(app, turn);
    } catch (InterruptedException e) {
      if (!withdraw(app, turn)) {
        give(app);
      }
      throw e;
    }
  }

  /** One that was taken is free. */
  synchronized void give(AppKey app) {
    shares.give(app);
    for (var next = next(); next.isPresent(); next = next()) {
      serve(next.get());
    }
  }

  /** False: it has just got its place. */
  private synchronized boolean withdraw(AppKey app, CountDownLatch turn) {
    Deque<CountDownLatch> queue = waiting.getOrDefault(app, NOBODY);
    boolean waited = queue.remove(turn);
    if (queue.isEmpty()) {
      waiting.remove(app);
    }
    return waited;
  }

  private Optional<AppKey> next() {
    return waiting.keySet().stream()
        .min(Comparator.comparingInt(shares::held))
        .filter(shares::mayTake);
  }

  private void serve(AppKey app) {
    boolean _ = shares.take(app);
    Deque<CountDownLatch> queue = waiting.getOrDefault(app, NOBODY);
    queue.remove().countDown();
    waiting.remove(app);
    if (!queue.isEmpty()) {
      waiting.put(app, queue);
    }
  }
}
