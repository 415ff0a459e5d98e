package dev.dunlin.agent.cpu;

import dev.dunlin.agent.rate.Ticker;
import dev.dunlin.engine.Execution;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The CPU limits of all commands of an agent: looks at each every few milliseconds, and has the
 * engine hold those that are over theirs until they are within it again.
 */
public final class CpuCaps implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Ticker timer = new Ticker("cpu-caps");
  private final Set<Held> held = ConcurrentHashMap.newKeySet();

  public CpuCaps() {
    timer.every(LOOK_EVERY, this::look);
  }

  /** A command's limit; it ends with the command. */
  public interface Hold extends AutoCloseable {
    /** No limit. */
    Hold NONE = () -> {};

    @Override
    void close();
  }

  /**
   * Holds a command to a limit from now on, as far as its engine can (docs/probes.md).
   *
   * @param milliCores 1,000 is one processor
   * @param throttled told how long the command was held
   */
  public Hold hold(long milliCores, Execution execution, Consumer<Duration> throttled) {
    var one = new Held(new CpuQuota(milliCores, System.nanoTime()), execution, throttled);
    held.add(one);
    return () -> {
      held.remove(one);
      one.letGo(System.nanoTime());
    };
  }

  @Override
  public void close() {
    timer.close();
  }

  private void look() {
    long now = System.nanoTime();
    held.forEach(one -> one.look(now));
  }

  /** Its state is guarded by itself. */
  private static final class Held {
    private final CpuQuota quota;
    private final Execution execution;
    private final Consumer<Duration> throttled;
    private boolean holding;
    private long sinceNanos;

    Held(CpuQuota quota, Execution execution, Consumer<Duration> throttled) {
      this.quota = quota;
      this.execution = execution;
      this.throttled = throttled;
    }

    synchronized void look(long now) {
      quota.used(execution.usage().cpu().toNanos(), now);
      boolean over = quota.waitNanos(now) > 0;
      if (over && !holding) {
        execution.hold(true);
        holding = true;
        sinceNanos = now;
      } else if (over) {
        count(now);
      } else {
        letGo(now);
      }
    }

    synchronized void letGo(long now) {
      if (holding) {
        execution.hold(false);
        holding = false;
        count(now);
      }
    }

    private void count(long now) {
      throttled.accept(Duration.ofNanos(now - sinceNanos));
      sinceNanos = now;
    }
  }
}
