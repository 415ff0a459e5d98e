package dev.dunlin.agent.config;

import dev.dunlin.agent.config.ConfigWatches.Watching;
import dev.dunlin.api.v1alpha1.Volume;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the files of one instance are made from, as the watches show it. */
final class WatchedConfig implements ConfigSource, AutoCloseable {
  private final Map<ConfigObject, Watching> watches;

  private WatchedConfig(Map<ConfigObject, Watching> watches) {
    this.watches = watches;
  }

  /** Begins to watch what those volumes refer to; nothing where there are no watches. */
  static WatchedConfig of(
      List<Volume> volumes, String namespace, @Nullable ConfigWatches from, Runnable changed) {
    var watches = new HashMap<ConfigObject, Watching>();
    if (from != null) {
      for (Volume volume : volumes) {
        for (ConfigObject object : VolumeFiles.objects(volume)) {
          watches.computeIfAbsent(object, it -> from.watch(namespace, it, changed));
        }
      }
    }
    return new WatchedConfig(Map.copyOf(watches));
  }

  /** Whether all that a volume is made from is known. */
  boolean isKnown(Volume volume) {
    return VolumeFiles.objects(volume).stream()
        .allMatch(object -> {
          Watching watch = watches.get(object);
          return watch != null && watch.isKnown();
        });
  }

  /** What is not known yet is asked for: a watch may be older than an answer, but not newer. */
  ConfigSource over(ConfigSource source) {
    return new ConfigSource() {
      @Override
      public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
        return known(ConfigObject.Kind.CONFIG_MAP, name)
            ? WatchedConfig.this.configMap(namespace, name)
            : source.configMap(namespace, name);
      }

      @Override
      public Optional<Map<String, byte[]>> secret(String namespace, String name) {
        return known(ConfigObject.Kind.SECRET, name)
            ? WatchedConfig.this.secret(namespace, name)
            : source.secret(namespace, name);
      }
    };
  }

  private boolean known(ConfigObject.Kind kind, String name) {
    Watching watch = watches.get(new ConfigObject(kind, name));
    return watch != null && watch.keys().isPresent();
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return keys(ConfigObject.Kind.CONFIG_MAP, name);
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return keys(ConfigObject.Kind.SECRET, name);
  }

  private Optional<Map<String, byte[]>> keys(ConfigObject.Kind kind, String name) {
    Watching watch = watches.get(new ConfigObject(kind, name));
    return watch == null ? Optional.empty() : watch.keys();
  }

  @Override
  public void close() {
    watches.values().forEach(Watching::close);
  }
}
