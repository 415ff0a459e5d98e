package dev.dunlin.operator.cache;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the runs of a job once a second at the most: of the first at once, and of those that
 * follow together. Each telling is a pass, and each pass of a job may be a write of its status.
 */
final class Pace {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ScheduledExecutorService timer;
  private final Consumer<ResourceID> told;
  private final LongSupplier nanoTime;
  private final Map<ResourceID, Long> last = new LinkedHashMap<>(); // guarded by this
  private final Set<ResourceID> waiting = new HashSet<>(); // guarded by this

  Pace(ScheduledExecutorService timer, Consumer<ResourceID> told, LongSupplier nanoTime) {
    this.timer = timer;
    this.told = told;
    this.nanoTime = nanoTime;
  }

  void tell(ResourceID id) {
    long wait = wait(id);
    if (wait == 0) told.accept(id);
    else if (wait > 0 && !timer.isShutdown()) {
      var _ = timer.schedule(() -> again(id), wait, TimeUnit.NANOSECONDS);
    }
  }

  /** Nanoseconds until it may be told; 0: now; -1: it waits already. */
  private synchronized long wait(ResourceID id) {
    if (waiting.contains(id)) return -1;
    long now = nanoTime.getAsLong();
    @Nullable Long before = last.get(id);
    long left = before == null ? 0 : SECOND - (now - before);
    if (left > 0) {
      waiting.add(id);
      return left;
    }
    mark(id, now);
    return 0;
  }

  private void again(ResourceID id) {
    synchronized (this) {
      waiting.remove(id);
      mark(id, nanoTime.getAsLong());
    }
    told.accept(id);
  }

  private void mark(ResourceID id, long now) {
    last.remove(id);
    var oldest = last.values().iterator();
    while (oldest.hasNext() && now - oldest.next() > SECOND) oldest.remove();
    last.put(id, now);
  }
}
