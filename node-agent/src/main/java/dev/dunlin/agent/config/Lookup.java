package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.KeySelector;
import dev.dunlin.api.v1alpha1.Reasons;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a namespace's ConfigMaps and Secrets hold, with the faults of what is missing. */
final class Lookup {
  private final String namespace;
  private final ConfigSource source;

  Lookup(String namespace, ConfigSource source) {
    this.namespace = namespace;
    this.source = source;
  }

  /** The keys, sorted; no keys when it is missing and may be. */
  Map<String, byte[]> configMap(String name, @Nullable Boolean optional) {
    return keys(
        source.configMap(namespace, name),
        "ConfigMap",
        Reasons.CONFIG_MAP_NOT_FOUND,
        name,
        optional);
  }

  /** The keys, sorted; no keys when it is missing and may be. */
  Map<String, byte[]> secret(String name, @Nullable Boolean optional) {
    return keys(source.secret(namespace, name), "Secret", Reasons.SECRET_NOT_FOUND, name, optional);
  }

  byte @Nullable [] configMapKey(KeySelector selector) {
    return key(
        configMap(selector.name(), selector.optional()),
        "ConfigMap " + selector.name(),
        selector.key(),
        selector.optional());
  }

  byte @Nullable [] secretKey(KeySelector selector) {
    return key(
        secret(selector.name(), selector.optional()),
        "Secret " + selector.name(),
        selector.key(),
        selector.optional());
  }

  byte @Nullable [] key(
      Map<String, byte[]> keys, String where, String key, @Nullable Boolean optional) {
    byte[] value = keys.get(key);
    if (value == null && !Boolean.TRUE.equals(optional)) {
      throw new ConfigException(
          Reasons.KEY_NOT_FOUND,
          "%s in namespace %s has no key \"%s\" (it has: %s). Add the key; the instance starts once it is there."
              .formatted(
                  where,
                  namespace,
                  key,
                  keys.isEmpty() ? "none" : String.join(", ", keys.keySet())));
    }
    return value;
  }

  private Map<String, byte[]> keys(
      Optional<Map<String, byte[]>> found,
      String kind,
      String reason,
      String name,
      @Nullable Boolean optional) {
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new ConfigException(
          reason,
          "there is no %s \"%s\" in namespace %s. Create it; the instance starts once it is there."
              .formatted(kind, name, namespace));
    }
    return new TreeMap<>(found.orElse(Map.of()));
  }
}
