package dev.dunlin.agent.instance;

/**
 * Why an instance cannot go on for now.
 *
 * @param reason one of the API's {@code Reasons}
 * @param message for people: what was expected, what was found, what to do
 */
record Fault(String reason, String message, Retry retry) {

  /** Whether trying again can help. */
  enum Retry {
    /** It may get better by itself: try again, later and later. */
    BACKOFF,
    /** Somebody has to do something elsewhere in the cluster: look again every so often. */
    RECHECK,
    /** These bytes will never run: wait for another revision. */
    NEVER
  }
}
