package dev.dunlin.agent.log;

import dev.dunlin.agent.rate.RateLimit;
import dev.dunlin.engine.Pace;
import java.util.HashMap;
import java.util.Map;

/** How much one app has written and lost. Its counts are guarded by itself. */
final class AppOutput {
  private static final long PACE_BYTES = 1 << 20; // a second, of all its instances together
  private static final long AT_ONCE_BYTES = 4 << 10; // so that others run in between

  private final Pace pace = new Pace(PACE_BYTES, AT_ONCE_BYTES);
  private final RateLimit lines;
  private final RateLimit bytes;
  private final Map<String, Long> lostByInstance = new HashMap<>();

  AppOutput(LogLimits limits) {
    long now = System.nanoTime();
    lines = limit(limits.linesPerSecond(), limits.burstSeconds(), now);
    bytes = limit(limits.bytesPerSecond(), limits.burstSeconds(), now);
  }

  private static RateLimit limit(int perSecond, int burstSeconds, long now) {
    return new RateLimit(perSecond, (double) perSecond * burstSeconds, now);
  }

  /** What guests are held back to. */
  Pace pace() {
    return pace;
  }

  /** Whether a line may be written as far as can be told before it is encoded. */
  synchronized boolean admitsLine(int chars) {
    long now = System.nanoTime();
    return bytes.has(chars, now) && lines.take(1, now);
  }

  synchronized boolean admitsBytes(int count) {
    return bytes.take(count, System.nanoTime());
  }

  synchronized void lost(String instance) {
    lostByInstance.merge(instance, 1L, Long::sum);
  }

  /** Lines lost since the last time, by instance. */
  synchronized Map<String, Long> takeLost() {
    var lost = Map.copyOf(lostByInstance);
    lostByInstance.clear();
    return lost;
  }
}
