package dev.dunlin.agent.instance;

import java.time.Duration;

/** Counts what happens to instances, but for what their revisions count. */
public interface InstanceMeter {
  /** A module was fetched, compiled or found; {@code result} is {@code ok} or a fault's reason. */
  void loaded(String result);

  /** An app was made to wait for so long since it was over its CPU limit. */
  void throttled(String namespace, String app, Duration time);

  /** The app has no instance here any more. */
  void forget(String namespace, String app);
}
