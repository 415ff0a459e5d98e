package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.ConfigMapVolume;
import dev.dunlin.api.v1alpha1.DownwardApiVolume;
import dev.dunlin.api.v1alpha1.KeyToPath;
import dev.dunlin.api.v1alpha1.ProjectedVolume;
import dev.dunlin.api.v1alpha1.SecretProjection;
import dev.dunlin.api.v1alpha1.SecretVolume;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.VolumeProjection;
import dev.dunlin.api.v1alpha1.WasmInstance;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the files of a read-only volume are, and what they are made from. Pure. */
final class VolumeFiles {
  private VolumeFiles() {}

  /** Whether guests write to it. */
  static boolean isWritable(Volume volume) {
    return volume.emptyDir() != null || volume.wasmVolume() != null;
  }

  /** The objects that its files are made from. */
  static Set<ConfigObject> objects(Volume volume) {
    return sources(volume).stream().flatMap(VolumeFiles::object).collect(Collectors.toSet());
  }

  /** Whether its files speak of the instance itself. */
  static boolean isOfInstance(Volume volume) {
    return sources(volume).stream().anyMatch(source -> source.downwardAPI() != null);
  }

  /** Its files by relative path; of two sources the later wins. */
  static Map<String, byte[]> of(Volume volume, Lookup lookup, WasmInstance instance) {
    var files = new HashMap<String, byte[]>();
    for (VolumeProjection source : sources(volume)) {
      of(source, lookup, instance)
          .forEach((path, content) -> {
            files.keySet().removeIf(before -> isInTheWay(before, path));
            files.put(path, content);
          });
    }
    return files;
  }

  /** A volume of one source is a projected one with that source. */
  private static List<VolumeProjection> sources(Volume volume) {
    ProjectedVolume projected = volume.projected();
    if (projected != null) {
      return projected.sources();
    }
    SecretVolume secret = volume.secret();
    SecretProjection ofSecret =
        secret == null
            ? null
            : new SecretProjection(secret.secretName(), secret.items(), secret.optional());
    return isWritable(volume)
        ? List.of()
        : List.of(new VolumeProjection(volume.configMap(), ofSecret, volume.downwardAPI()));
  }

  private static Stream<ConfigObject> object(VolumeProjection source) {
    ConfigMapVolume configMap = source.configMap();
    SecretProjection secret = source.secret();
    return configMap != null
        ? Stream.of(new ConfigObject(ConfigObject.Kind.CONFIG_MAP, configMap.name()))
        : secret != null
            ? Stream.of(new ConfigObject(ConfigObject.Kind.SECRET, secret.name()))
            : Stream.empty();
  }

  private static Map<String, byte[]> of(
      VolumeProjection source, Lookup lookup, WasmInstance instance) {
    ConfigMapVolume configMap = source.configMap();
    SecretProjection secret = source.secret();
    DownwardApiVolume downward = source.downwardAPI();
    if (configMap != null) {
      return picked(
          lookup.configMap(configMap.name(), configMap.optional()),
          configMap.items(),
          "ConfigMap " + configMap.name(),
          configMap.optional(),
          lookup);
    }
    if (secret != null) {
      return picked(
          lookup.secret(secret.name(), secret.optional()),
          secret.items(),
          "Secret " + secret.name(),
          secret.optional(),
          lookup);
    }
    var files = new HashMap<String, byte[]>();
    if (downward != null) {
      for (var item : downward.items()) {
        String text = Fields.of(instance, item.fieldRef().fieldPath());
        files.put(item.path(), text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  private static Map<String, byte[]> picked(
      Map<String, byte[]> keys,
      List<KeyToPath> items,
      String where,
      @Nullable Boolean optional,
      Lookup lookup) {
    if (items.isEmpty()) {
      return keys;
    }
    var files = new HashMap<String, byte[]>();
    for (KeyToPath item : items) {
      byte[] value = lookup.key(keys, where, item.key(), optional);
      if (value != null) {
        files.put(item.path(), value);
      }
    }
    return files;
  }

  /** A file cannot be where a folder is. */
  private static boolean isInTheWay(String before, String path) {
    return before.startsWith(path + "/") || path.startsWith(before + "/");
  }
}
