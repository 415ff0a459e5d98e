package dev.dunlin.agent.instance;

/** Counts what happens to instances. */
public interface InstanceMeter {
  /** A module was fetched, compiled or found; {@code result} is {@code ok} or a fault's reason. */
  void loaded(String result);

  void restarted(String namespace, String app);

  /** The app has no instance here any more. */
  void forget(String namespace, String app);
}
