package dev.dunlin.agent.testing;

import dev.dunlin.agent.config.ConfigObject;
import dev.dunlin.agent.config.ConfigSource;
import dev.dunlin.agent.config.ConfigWatches;
import dev.dunlin.agent.config.FileSources;
import dev.dunlin.agent.config.VolumeSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** ConfigMaps and Secrets of a test, whose watches tell at once. */
public final class FakeConfig implements ConfigSource, ConfigWatches {
  private static final VolumeSource NO_VOLUMES =
      (instance, claim) -> {
        throw new IllegalStateException("no WasmVolumes here");
      };

  private final Map<ConfigObject, Map<String, byte[]>> objects = new ConcurrentHashMap<>();
  private final List<Open> watches = new CopyOnWriteArrayList<>();

  private record Open(ConfigObject object, Runnable changed) {}

  /** An agent's sources of this, without WasmVolumes; an emptyDir may take 64 KiB. */
  public FileSources sources(Executor workers) {
    return sources(workers, NO_VOLUMES);
  }

  /** The same with WasmVolumes. */
  public FileSources sources(Executor workers, VolumeSource volumes) {
    return new FileSources(this, this, volumes, 64 << 10, workers);
  }

  public void configMap(String name, Map<String, byte[]> keys) {
    put(new ConfigObject(ConfigObject.Kind.CONFIG_MAP, name), keys);
  }

  public void secret(String name, Map<String, byte[]> keys) {
    put(new ConfigObject(ConfigObject.Kind.SECRET, name), keys);
  }

  private void put(ConfigObject object, Map<String, byte[]> keys) {
    objects.put(object, keys);
    tell(object);
  }

  public void deleteConfigMap(String name) {
    var object = new ConfigObject(ConfigObject.Kind.CONFIG_MAP, name);
    objects.remove(object);
    tell(object);
  }

  private void tell(ConfigObject object) {
    watches.stream()
        .filter(watch -> watch.object.equals(object))
        .forEach(watch -> watch.changed.run());
  }

  /** How many watches are open. */
  public int watches() {
    return watches.size();
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return Optional.ofNullable(objects.get(new ConfigObject(ConfigObject.Kind.CONFIG_MAP, name)));
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return Optional.ofNullable(objects.get(new ConfigObject(ConfigObject.Kind.SECRET, name)));
  }

  @Override
  public Watching watch(String namespace, ConfigObject object, Runnable changed) {
    var open = new Open(object, changed);
    watches.add(open);
    return new Watching() {
      @Override
      public boolean isKnown() {
        return true;
      }

      @Override
      public Optional<Map<String, byte[]>> keys() {
        return Optional.ofNullable(objects.get(object));
      }

      @Override
      public void close() {
        watches.remove(open);
      }
    };
  }

  /** Keys and texts, one after the other. */
  public static Map<String, byte[]> keys(String... keysAndTexts) {
    var keys = new TreeMap<String, byte[]>();
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      keys.put(keysAndTexts[i], keysAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return keys;
  }
}
