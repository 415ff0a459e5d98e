package dev.dunlin.agent.log;

/**
 * How much guests may write.
 *
 * @param linesPerSecond of one app on this agent, in the long run
 * @param burstLines of one app at once
 * @param maxLineBytes a longer line is written in pieces
 */
public record LogLimits(int linesPerSecond, int burstLines, int maxLineBytes) {
  public static final LogLimits DEFAULT = new LogLimits(1_000, 5_000, 16 << 10);
}
