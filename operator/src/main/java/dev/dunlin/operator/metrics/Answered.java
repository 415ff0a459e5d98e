package dev.dunlin.operator.metrics;

import java.util.OptionalDouble;

/**
 * What a revision has answered since a time.
 *
 * @param errors of the requests, those that were the server's (5xx)
 * @param latencyP95Seconds empty without answers
 * @param known whether each node that has the app has been read since that time
 */
public record Answered(
    long requests, long errors, OptionalDouble latencyP95Seconds, boolean known) {
  public static final Answered NOTHING = new Answered(0, 0, OptionalDouble.empty(), false);
}
