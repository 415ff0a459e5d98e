package dev.dunlin.agent.config;

import java.util.Map;
import java.util.Optional;

/** ConfigMaps and Secrets of the cluster, by watch. Safe for use by many threads. */
public interface ConfigWatches {
  /**
   * Watches an object until that is closed, whether it exists or not.
   *
   * @param changed called after each change; it must not wait
   */
  Watching watch(String namespace, ConfigObject object, Runnable changed);

  /** One wish to know of an object. */
  interface Watching extends AutoCloseable {
    /** Whether the API server has told what there is. */
    boolean isKnown();

    /** The keys, as far as is known; empty when there is no such object. */
    Optional<Map<String, byte[]>> keys();

    @Override
    void close();
  }
}
