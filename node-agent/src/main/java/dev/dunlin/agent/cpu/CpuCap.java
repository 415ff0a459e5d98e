package dev.dunlin.agent.cpu;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The CPU limit of one http instance, to which its requests are held before they begin. */
public interface CpuCap {
  /** No limit. */
  CpuCap NONE =
      new CpuCap() {
        @Override
        public boolean await(long nanos) {
          return true;
        }

        @Override
        public void left() {}
      };

  /** Waits until a request may begin; false when that took longer than {@code nanos}. */
  boolean await(long nanos) throws InterruptedException;

  /** A request that had begun is over. */
  void left();

  /**
   * A limit.
   *
   * @param milliCores 1,000 is one processor
   * @param usage CPU time of all that the instance has done so far
   * @param throttled told how long requests have waited; two that wait at once count once
   */
  static CpuCap of(long milliCores, Supplier<Duration> usage, Consumer<Duration> throttled) {
    return new Paced(new CpuQuota(milliCores, System.nanoTime()), usage, throttled);
  }

  /**
   * A request that has begun is not stopped; what it uses beyond the quota is paid back before the
   * next ones begin. As many begin at once as the last ones say the quota will bear, so that the
   * first of a crowd are not given what takes all others minutes to pay. Guarded by itself.
   */
  final class Paced implements CpuCap {
    /** How much one more request says of what the next will use: an eighth. */
    private static final int WEIGHT = 8;

    private final CpuQuota quota;
    private final Supplier<Duration> usage;
    private final Consumer<Duration> throttled;
    private int waiting;
    private long waitingSince;
    private long usedNanos;

    /** What a request has used of late; what others used meanwhile is in it, once for all. */
    private long estimateNanos;

    Paced(CpuQuota quota, Supplier<Duration> usage, Consumer<Duration> throttled) {
      this.quota = quota;
      this.usage = usage;
      this.throttled = throttled;
    }

    @Override
    public boolean await(long nanos) throws InterruptedException {
      long end = System.nanoTime() + nanos;
      charge();
      synchronized (this) {
        long wait = waitNanos();
        if (wait > 0) {
          wait = awaitTurn(wait, end);
        }
        if (wait > 0) {
          return false;
        }
        quota.begin(estimateNanos, System.nanoTime());
        return true;
      }
    }

    @Override
    public void left() {
      long more = charge();
      synchronized (this) {
        estimateNanos += (more - estimateNanos) / WEIGHT;
        notifyAll();
      }
    }

    /** Called with the lock held; what there is still to wait for when the time is over. */
    private long awaitTurn(long first, long end) throws InterruptedException {
      long wait = first;
      begunWaiting();
      try {
        while (wait > 0) {
          long left = end - System.nanoTime();
          if (left <= 0) {
            return wait;
          }
          TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, Math.min(wait, left)));
          wait = waitNanos();
        }
        return 0;
      } finally {
        endedWaiting();
      }
    }

    private long waitNanos() {
      return quota.waitNanos(System.nanoTime());
    }

    private void begunWaiting() {
      if (waiting++ == 0) {
        waitingSince = System.nanoTime();
      }
    }

    private void endedWaiting() {
      long now = System.nanoTime();
      throttled.accept(Duration.ofNanos(now - waitingSince));
      waitingSince = now;
      waiting--;
    }

    /** Asks for the usage without the lock: it is the engine's to answer. */
    private long charge() {
      long total = usage.get().toNanos();
      synchronized (this) {
        quota.used(total, System.nanoTime());
        long more = Math.max(0, total - usedNanos);
        usedNanos += more;
        return more;
      }
    }
  }
}
