package dev.dunlin.operator.cache;

import dev.dunlin.operator.config.Hash;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** ConfigMaps and Secrets with a hash in the place of each value, as they are kept in memory. */
final class Hashed {
  /** The hash of a ConfigMap's value is the same wherever it is said. */
  private static final String NO_SALT = "";

  static void reduce(ConfigMap object) {
    var keys = new HashMap<String, String>();
    addAll(keys, NO_SALT, object.getData());
    addAll(keys, NO_SALT, object.getBinaryData());
    object.setData(keys);
    object.setBinaryData(null);
    object.setMetadata(name(object));
  }

  /**
   * Hashes are shown in WasmInstances, whose readers may not read Secrets: with the Secret's own
   * uid in it, which they cannot know, nobody finds a short value by trying.
   */
  static void reduce(Secret object) {
    var keys = new HashMap<String, String>();
    addAll(keys, String.valueOf(object.getMetadata().getUid()), object.getData());
    object.setData(keys);
    object.setMetadata(name(object));
  }

  private static void addAll(
      Map<String, String> keys, String salt, @Nullable Map<String, String> data) {
    if (data != null) data.forEach((key, value) -> keys.put(key, Hash.of(salt, key, value)));
  }

  private static ObjectMeta name(HasMetadata object) {
    var meta = object.getMetadata();
    return new ObjectMetaBuilder()
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .withResourceVersion(meta.getResourceVersion())
        .build();
  }

  static Map<String, String> keys(ConfigMap reduced) {
    return Objects.requireNonNullElse(reduced.getData(), Map.of());
  }

  static Map<String, String> keys(Secret reduced) {
    return Objects.requireNonNullElse(reduced.getData(), Map.of());
  }

  private Hashed() {}
}
