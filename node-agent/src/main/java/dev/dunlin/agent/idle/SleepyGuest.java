package dev.dunlin.agent.idle;

import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Usage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A guest that gives back what it has while nobody asks it anything. A request that finds it asleep
 * waits while it wakes, with all others that come meanwhile. Its mutable fields are guarded by
 * itself.
 */
public final class SleepyGuest implements HttpGuest {
  private final IdleTimes times;
  private final Bed bed;
  private final Executor workers;
  private final LongSupplier nanoTime;

  /** Null while it sleeps. Written under the lock. */
  private volatile @Nullable Stay stay;

  /** That it wakes, or gives something back; null while neither is under way. */
  private @Nullable CompletableFuture<Void> change;

  private Rest rest = Rest.AWAKE;
  private Duration cpuSoFar = Duration.ZERO;
  private Outbound outboundSoFar = Outbound.NONE;
  private boolean closed;
  private volatile boolean asked;
  private volatile boolean mayRest;
  private volatile long usedNanos;

  /** What was told last; null: nothing yet. Written under the lock. */
  private volatile @Nullable Boolean idle;

  /**
   * A guest that is awake.
   *
   * @param mayRest as {@link #mayRest}
   * @param workers unbounded; its tasks may block
   * @param nanoTime a clock that only goes forward
   */
  public SleepyGuest(
      HttpGuest first,
      IdleTimes times,
      Bed bed,
      boolean mayRest,
      Executor workers,
      LongSupplier nanoTime) {
    this.stay = new Stay(first);
    this.times = times;
    this.bed = bed;
    this.mayRest = mayRest;
    this.workers = workers;
    this.nanoTime = nanoTime;
    this.usedNanos = nanoTime.getAsLong();
  }

  /** Only who is ready rests: of others nobody knew whether they would ever be. */
  public void mayRest(boolean now) {
    mayRest = now;
  }

  /** Whether it sleeps, so that nobody need ask how it is. */
  public boolean isAsleep() {
    return stay == null && mayRest;
  }

  /**
   * Answers as soon as it is awake.
   *
   * @throws CannotWakeException when it could not be woken; the next request tries again
   */
  @Override
  public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
    asked = true;
    if (!Boolean.FALSE.equals(idle)) {
      tell(false);
    }
    Stay awake = enter();
    if (awake == null) {
      return new Outcome.Cancelled();
    }
    try {
      return awake.guest().answer(request, response);
    } finally {
      usedNanos = nanoTime.getAsLong();
      awake.leave();
    }
  }

  /**
   * The same guest for its probes: they do not count as use of it, and do not wake it once it was
   * ready.
   */
  public HttpGuest forProbes() {
    return new Probed();
  }

  /** Gives back what it is time for; called every second or so. */
  public void review() {
    Duration unused = Duration.ofNanos(nanoTime.getAsLong() - usedNanos);
    Rest due = mayRest ? due(unused) : Rest.AWAKE;
    @Nullable CompletableFuture<Void> giving = null;
    @Nullable Stay ended = null;
    synchronized (this) {
      if (closed || change != null) {
        return;
      }
      if (due.compareTo(rest) > 0) {
        ended = stay;
        if (ended != null && !ended.end()) {
          return;
        }
        if (ended != null) {
          cpuSoFar = cpuSoFar.plus(ended.guest().usage().cpu());
          outboundSoFar = outboundSoFar.plus(ended.guest().outbound());
        }
        stay = null;
        rest = due;
        giving = new CompletableFuture<>();
        change = giving;
      }
    }
    if (giving != null) {
      giveBack(ended, due, giving);
    }
    if (times.isIdle(unused)) {
      tell(true);
    }
  }

  private Rest due(Duration unused) {
    Rest due = times.after(unused, asked);
    return due == Rest.FORGOTTEN && !bed.mayForgetCode() ? Rest.ASLEEP : due;
  }

  private void giveBack(@Nullable Stay ended, Rest due, CompletableFuture<Void> giving) {
    try {
      if (ended != null) {
        ended.guest().close();
      }
      if (due == Rest.FORGOTTEN) {
        bed.forgetCode();
      }
    } finally {
      synchronized (this) {
        change = null;
      }
      giving.complete(null);
    }
  }

  /** What is told while it sleeps is told again when that changes, and not before. */
  private synchronized void tell(boolean now) {
    boolean asleep = stay == null && change == null;
    if (closed || (idle != null && idle == now) || (now && !asleep)) {
      return;
    }
    idle = now;
    bed.told(new IdleNews.Idle(now));
  }

  /** Null once it is closed. */
  private @Nullable Stay enter() throws InterruptedException {
    Stay now = stay;
    if (now != null && now.enter()) {
      return now;
    }
    long begun = nanoTime.getAsLong();
    bed.told(new IdleNews.Waits());
    try {
      return enterWoken();
    } finally {
      bed.told(new IdleNews.Waited(Duration.ofNanos(nanoTime.getAsLong() - begun)));
    }
  }

  private @Nullable Stay enterWoken() throws InterruptedException {
    while (true) {
      CompletableFuture<Void> awaited;
      synchronized (this) {
        Stay now = stay;
        if (closed || (now != null && now.enter())) {
          return closed ? null : now;
        }
        awaited = change == null ? beginWaking() : change;
      }
      try {
        awaited.get();
      } catch (ExecutionException e) {
        if (isClosed()) {
          return null;
        }
        throw new CannotWakeException(Objects.requireNonNullElse(e.getCause(), e));
      }
    }
  }

  /** Called with the lock held. It goes on even when whoever wanted it has left. */
  private CompletableFuture<Void> beginWaking() {
    var waking = new CompletableFuture<Void>();
    long begun = nanoTime.getAsLong();
    workers.execute(() -> wake(waking, begun));
    change = waking;
    if (asked) {
      tell(false);
    }
    return waking;
  }

  private void wake(CompletableFuture<Void> waking, long begun) {
    @Nullable HttpGuest woken = null;
    @Nullable RuntimeException why = null;
    try {
      woken = bed.guest();
    } catch (InterruptedException | CancellationException e) {
      why = new IllegalStateException("the instance has ended", e);
    } catch (RuntimeException e) {
      why = e;
    } catch (OutOfMemoryError e) {
      why = new IllegalStateException("the agent's memory ran out: " + e.getMessage(), e);
    }
    boolean used = arrive(woken);
    if (woken != null && !used) {
      woken.close();
    }
    if (used) {
      bed.told(new IdleNews.Woken(Duration.ofNanos(nanoTime.getAsLong() - begun)));
    } else if (why != null && !isClosed()) {
      bed.told(new IdleNews.NotWoken(why));
    }
    if (why == null) {
      waking.complete(null);
    } else {
      waking.completeExceptionally(why);
    }
  }

  /** Whether it is of use. */
  private synchronized boolean arrive(@Nullable HttpGuest woken) {
    change = null;
    usedNanos = nanoTime.getAsLong();
    if (closed || woken == null) {
      return false;
    }
    stay = new Stay(woken);
    rest = Rest.AWAKE;
    return true;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized Usage usage() {
    if (stay == null) {
      return new Usage(cpuSoFar, 0);
    }
    Usage now = stay.guest().usage();
    return new Usage(cpuSoFar.plus(now.cpu()), now.memoryBytes());
  }

  @Override
  public synchronized Outbound outbound() {
    return stay == null ? outboundSoFar : outboundSoFar.plus(stay.guest().outbound());
  }

  /** Cancels the requests under way and waits for their end; those that wait are not answered. */
  @Override
  public void close() {
    Stay last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = stay;
    }
    if (last != null) {
      last.guest().close();
    }
  }

  private final class Probed implements HttpGuest {
    @Override
    public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
      Stay awake = stay;
      if (awake == null || !awake.enter()) {
        if (mayRest) {
          throw new IllegalStateException("it fell asleep as it was to be asked");
        }
        awake = enterWoken();
      }
      if (awake == null) {
        return new Outcome.Cancelled();
      }
      try {
        return awake.guest().answer(request, response);
      } finally {
        awake.leave();
      }
    }

    @Override
    public Usage usage() {
      return SleepyGuest.this.usage();
    }

    @Override
    public void close() {
      // Its life is the other's.
    }
  }
}
