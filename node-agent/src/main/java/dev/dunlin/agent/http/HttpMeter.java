package dev.dunlin.agent.http;

/** Counts answers. */
public interface HttpMeter {
  void answered(AppKey app, int status, long nanos);

  void clientLeft(AppKey app);
}
