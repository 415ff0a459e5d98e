package dev.dunlin.cli.local;

import dev.dunlin.agent.config.ConfigObject;
import dev.dunlin.agent.config.ConfigSource;
import dev.dunlin.agent.config.ConfigWatches;
import dev.dunlin.cli.app.Manifest;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMaps and Secrets of files, in the place of a cluster's; later ones over earlier ones.
 */
final class LocalConfig implements ConfigSource, ConfigWatches {
  private final Map<String, Map<String, byte[]>> configMaps = new HashMap<>();
  private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();

  LocalConfig(List<Manifest> files) {
    for (Manifest file : files) {
      file.configMaps()
          .forEach(map -> {
            var keys = decoded(file, map.getMetadata().getName(), map.getBinaryData());
            keys.putAll(texts(map.getData()));
            configMaps.put(map.getMetadata().getName(), keys);
          });
      file.secrets()
          .forEach(secret -> {
            var keys = decoded(file, secret.getMetadata().getName(), secret.getData());
            keys.putAll(texts(secret.getStringData()));
            secrets.put(secret.getMetadata().getName(), keys);
          });
    }
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return Optional.ofNullable(configMaps.get(name));
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return Optional.ofNullable(secrets.get(name));
  }

  /** Files of the user's do not change under a run. */
  @Override
  public Watching watch(String namespace, ConfigObject object, Runnable changed) {
    return new Watching() {
      @Override
      public boolean isKnown() {
        return true;
      }

      @Override
      public Optional<Map<String, byte[]>> keys() {
        return switch (object.kind()) {
          case CONFIG_MAP -> configMap(namespace, object.name());
          case SECRET -> secret(namespace, object.name());
        };
      }

      @Override
      public void close() {}
    };
  }

  private static Map<String, byte[]> texts(@Nullable Map<String, String> data) {
    var keys = new HashMap<String, byte[]>();
    if (data != null) {
      data.forEach((key, text) -> keys.put(key, text.getBytes(StandardCharsets.UTF_8)));
    }
    return keys;
  }

  private static Map<String, byte[]> decoded(
      Manifest file, String object, @Nullable Map<String, String> base64) {
    var keys = new HashMap<String, byte[]>();
    if (base64 != null) {
      base64.forEach((key, text) -> {
        try {
          keys.put(key, Base64.getMimeDecoder().decode(text));
        } catch (IllegalArgumentException e) {
          throw new Failure(
              Exit.FAILED,
              "%s, %s: key %s: expected base64".formatted(file.source(), object, key),
              e);
        }
      });
    }
    return keys;
  }
}
