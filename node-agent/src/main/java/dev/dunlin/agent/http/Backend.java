package dev.dunlin.agent.http;

import dev.dunlin.agent.cpu.CpuCap;
import dev.dunlin.agent.traffic.RevisionTraffic;
import dev.dunlin.engine.HttpGuest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One instance that answers requests. Its counters are its own; {@code draining} is set once, by
 * whoever deletes it, and {@code standing} by its probes.
 */
final class Backend {
  /** What its probes say of it. */
  enum Standing {
    /** It has not been ready yet, or is being ended: no request is for it. */
    OUT,
    READY,
    /** It was ready and is not: requests are for others, if there are any. */
    UNREADY
  }

  /** More than can ever wait. */
  private static final int ALL = 1 << 28;

  private final String instance;
  private final String revision;
  private final Instant created;
  private final HttpGuest guest;
  private final OutputStream log;
  private final Duration timeout;
  private final CpuCap cpu;
  private final RevisionTraffic traffic;
  private final Semaphore turns;
  private final Bounds bounds;
  private final AtomicInteger inside = new AtomicInteger();
  private volatile boolean draining;
  private volatile boolean shut;
  private volatile Standing standing;
  private volatile OptionalInt weight = OptionalInt.empty();

  Backend(
      String instance,
      String revision,
      Instant created,
      HttpGuest guest,
      OutputStream log,
      CpuCap cpu,
      RevisionTraffic traffic,
      int maxConcurrency,
      Duration timeout,
      Bounds bounds,
      Standing standing) {
    this.instance = instance;
    this.revision = revision;
    this.created = created;
    this.guest = guest;
    this.log = log;
    this.cpu = cpu;
    this.traffic = traffic;
    this.timeout = timeout;
    this.standing = standing;
    this.turns = new Semaphore(maxConcurrency, true);
    this.bounds = bounds;
  }

  /** A request is for it, and waits or works until it is {@link #gone}. */
  void come() {
    inside.incrementAndGet();
  }

  void gone() {
    inside.decrementAndGet();
  }

  /** Whether a request may be worked on beside the others, within that time. */
  boolean takeTurn(long nanos) throws InterruptedException {
    return turns.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  void giveTurn() {
    turns.release();
  }

  /** Whether the instance is within its CPU limit, or is so within that time. */
  boolean awaitCpu(long nanos) throws InterruptedException {
    return cpu.await(nanos);
  }

  /** A request that had begun within the CPU limit is over. */
  void giveCpu() {
    cpu.left();
  }

  /** Requests at work or waiting. */
  int busy() {
    return inside.get();
  }

  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** The share of its revision in the port's requests; empty: as its age decides. */
  void weigh(OptionalInt share) {
    weight = share;
  }

  OptionalInt weight() {
    return weight;
  }

  void stand(Standing next) {
    standing = next;
  }

  /** From now on no request is for it, whatever its probes say; those that wait go elsewhere. */
  void shut() {
    synchronized (turns) {
      if (!shut) {
        shut = true;
        turns.release(ALL);
      }
    }
  }

  Standing standing() {
    return shut ? Standing.OUT : standing;
  }

  /** Writes a line to the instance's log: what it failed at is its owner's business. */
  void note(String line) {
    try {
      log.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String instance() {
    return instance;
  }

  String revision() {
    return revision;
  }

  Instant created() {
    return created;
  }

  RevisionTraffic traffic() {
    return traffic;
  }

  HttpGuest guest() {
    return guest;
  }

  Duration timeout() {
    return timeout;
  }

  Bounds bounds() {
    return bounds;
  }
}
