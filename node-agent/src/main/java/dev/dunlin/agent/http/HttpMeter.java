package dev.dunlin.agent.http;

/** Counts what no revision of an app has counted. */
public interface HttpMeter {
  /** An answer that no instance had a part in. */
  void answered(AppKey app, int status, long nanos);

  void clientLeft(AppKey app);

  void connectionLost(AppKey app, LostConnection why);

  /**
   * The agent has answered in the app's place; {@link #answered} is told as well.
   *
   * @param reason one word of a dozen, e.g. {@code QueueFull}; docs/http.md lists them
   */
  default void refused(AppKey app, String reason) {}
}
