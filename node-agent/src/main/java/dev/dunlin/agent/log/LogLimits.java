package dev.dunlin.agent.log;

/**
 * How much guests may write.
 *
 * @param linesPerSecond of one app on this agent, in the long run
 * @param bytesPerSecond the same, as the log has them: as JSON
 * @param burstSeconds what an app has not written for so long it may write at once
 * @param maxLineBytes a longer line is written in pieces
 */
public record LogLimits(
    int linesPerSecond, int bytesPerSecond, int burstSeconds, int maxLineBytes) {
  public static final LogLimits DEFAULT = new LogLimits(1_000, 1 << 20, 5, 16 << 10);

  /** For people, e.g. {@code 1,000 lines/s or 1,024 KiB/s}. */
  public String text() {
    return "%,d lines/s or %,d KiB/s".formatted(linesPerSecond, bytesPerSecond >> 10);
  }
}
