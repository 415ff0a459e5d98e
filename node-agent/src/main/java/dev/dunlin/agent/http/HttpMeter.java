package dev.dunlin.agent.http;

/** Counts answers, and what got none. */
public interface HttpMeter {
  void answered(AppKey app, int status, long nanos);

  void clientLeft(AppKey app);

  void connectionLost(AppKey app, LostConnection why);
}
