package dev.dunlin.operator.canary;

import java.util.OptionalDouble;

/**
 * What the tried revision has done since its present step began.
 *
 * @param requests that were answered
 * @param errors of them that were the server's (5xx)
 * @param latencyP95Seconds empty without answers
 * @param unread why what some node has answered since then is not known yet; empty where all is
 */
public record Findings(
    long requests, long errors, OptionalDouble latencyP95Seconds, String unread) {
  public static final Findings NONE =
      new Findings(0, 0, OptionalDouble.empty(), "nobody was asked");

  /** Whether every node where it answers has been read since then. */
  public boolean areKnown() {
    return unread.isEmpty();
  }
}
