package dev.dunlin.agent.http;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/** An instance's place behind its app's port. */
public final class Serving implements AutoCloseable {
  private static final long LOOK_AGAIN_NANOS = 10_000_000;

  /**
   * Who still comes after the least time has not learnt of it yet; this many times that at most.
   */
  private static final int LATECOMERS = 5;

  /** So long nobody has to have come, in parts of the least time. */
  private static final int QUIET = 4;

  private final HttpApps apps;
  private final AppListener listener;
  private final Backend backend;

  Serving(HttpApps apps, AppListener listener, Backend backend) {
    this.apps = apps;
    this.listener = listener;
    this.backend = backend;
  }

  /** The port in use; what was asked for, unless that was 0. */
  public int port() {
    return listener.port();
  }

  /** How many requests for its revision wait for their turn. */
  int waiting() {
    return backend.traffic().waiting();
  }

  /** Whether requests are for it: what its probes say. Others of the app take over at once. */
  public void ready(boolean now) {
    backend.stand(now ? Backend.Standing.READY : Backend.Standing.UNREADY);
  }

  /**
   * The share of its revision in the requests of the port, from 0 to 100; empty: the newest
   * revision that is ready has them all.
   */
  public void weigh(OptionalInt share) {
    backend.weigh(share);
  }

  /**
   * Takes no new request; blocks until none is under way, at most for {@code atMost}. The port
   * stays open.
   */
  public void quiesce(Duration atMost) {
    backend.shut();
    awaitIdle(Duration.ZERO, atMost);
  }

  /**
   * Goes on answering where nobody else does, until no request is under way, {@code atLeast} has
   * passed, and (for some time) nobody comes any more, or {@code atMost} is over; blocks until
   * then. Others of the app take what is new at once.
   */
  public void drain(Duration atLeast, Duration atMost) {
    backend.drain();
    if (listener.isLeft()) {
      listener.sendAway();
    }
    long start = System.nanoTime();
    awaitIdle(atLeast, atMost);
    Duration longest = atLeast.multipliedBy(LATECOMERS);
    awaitQuiet(start, atLeast.dividedBy(QUIET), atMost.compareTo(longest) < 0 ? atMost : longest);
    awaitIdle(Duration.ZERO, atMost.minusNanos(System.nanoTime() - start));
    // A request may have come since: from here on it sees that this is over, or is seen here.
    backend.shut();
    awaitIdle(Duration.ZERO, atMost.minusNanos(System.nanoTime() - start));
  }

  /** A client that comes has not learnt yet that this ends, nor has whoever sent it here. */
  private void awaitQuiet(long start, Duration quiet, Duration atMost) {
    while (listener.isLeft()
        && listener.quietFor().compareTo(quiet) < 0
        && System.nanoTime() - start < atMost.toNanos()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private void awaitIdle(Duration atLeast, Duration atMost) {
    long start = System.nanoTime();
    long longest = atMost.toNanos();
    long shortest = Math.min(atLeast.toNanos(), longest);
    for (long spent = 0;
        spent < shortest || (spent < longest && backend.busy() > 0);
        spent = System.nanoTime() - start) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Answers nothing any more; the port closes with the app's last instance. */
  @Override
  public void close() {
    backend.shut();
    apps.leave(listener, backend);
  }
}
