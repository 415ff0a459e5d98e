package dev.dunlin.agent.config;

import java.util.Map;
import java.util.Optional;

/** ConfigMaps and Secrets of the cluster, by get. Safe for use by many threads. */
public interface ConfigSource {
  /** The keys of a ConfigMap, text and binary; empty when there is no such ConfigMap. */
  Optional<Map<String, byte[]>> configMap(String namespace, String name);

  /** The keys of a Secret; empty when there is no such Secret. */
  Optional<Map<String, byte[]>> secret(String namespace, String name);

  /** The same, with no answer that was asked for before that {@link System#nanoTime()}. */
  default ConfigSource since(long nanoTime) {
    return this;
  }
}
