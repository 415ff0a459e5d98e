package dev.dunlin.agent.log;

import dev.dunlin.agent.rate.RateLimit;
import org.jspecify.annotations.Nullable;

/** How much one app has written and lost. Its fields are guarded by itself. */
final class AppOutput {
  /** A long line costs as much as several: one token for every started KiB. */
  private static final int CHARS_PER_TOKEN = 1024;

  record Loss(long lines, GuestStream last) {}

  private final RateLimit rate;
  private long lostLines;
  private @Nullable GuestStream lastLoser;

  AppOutput(LogLimits limits) {
    rate = new RateLimit(limits.linesPerSecond(), limits.burstLines(), System.nanoTime());
  }

  synchronized boolean admits(int chars) {
    return rate.take(1 + chars / CHARS_PER_TOKEN, System.nanoTime());
  }

  synchronized void lost(GuestStream source) {
    lostLines++;
    lastLoser = source;
  }

  synchronized @Nullable Loss takeLoss() {
    GuestStream source = lastLoser;
    if (lostLines == 0 || source == null) {
      return null;
    }
    var loss = new Loss(lostLines, source);
    lostLines = 0;
    return loss;
  }
}
