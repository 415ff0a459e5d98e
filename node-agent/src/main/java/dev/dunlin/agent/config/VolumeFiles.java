package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.ConfigMapVolume;
import dev.dunlin.api.v1alpha1.KeyToPath;
import dev.dunlin.api.v1alpha1.SecretVolume;
import dev.dunlin.api.v1alpha1.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of one volume by relative path; an emptyDir has none and may be written. */
record VolumeFiles(Map<String, byte[]> files, boolean writable) {

  static VolumeFiles of(Volume volume, Lookup lookup) {
    ConfigMapVolume configMap = volume.configMap();
    if (configMap != null) {
      return new VolumeFiles(
          picked(
              lookup.configMap(configMap.name(), configMap.optional()),
              configMap.items(),
              "ConfigMap " + configMap.name(),
              configMap.optional(),
              lookup),
          false);
    }
    SecretVolume secret = volume.secret();
    if (secret != null) {
      return new VolumeFiles(
          picked(
              lookup.secret(secret.secretName(), secret.optional()),
              secret.items(),
              "Secret " + secret.secretName(),
              secret.optional(),
              lookup),
          false);
    }
    return new VolumeFiles(Map.of(), true);
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
    var files = new LinkedHashMap<String, byte[]>();
    for (KeyToPath item : items) {
      byte[] value = lookup.key(keys, where, item.key(), optional);
      if (value != null) {
        files.put(item.path(), value);
      }
    }
    return files;
  }
}
