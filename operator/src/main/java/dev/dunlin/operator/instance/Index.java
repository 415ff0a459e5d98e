package dev.dunlin.operator.instance;

import dev.dunlin.api.v1alpha1.WasmInstance;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Instances by what they belong to, then by their own key. Its owner guards it. */
final class Index {
  private final Map<String, Map<String, WasmInstance>> groups = new HashMap<>();

  void put(String group, String key, WasmInstance instance) {
    groups.computeIfAbsent(group, it -> new LinkedHashMap<>(2)).put(key, instance);
  }

  @Nullable WasmInstance remove(String group, String key) {
    @Nullable Map<String, WasmInstance> found = groups.get(group);
    if (found == null) return null;
    @Nullable WasmInstance removed = found.remove(key);
    if (found.isEmpty()) groups.remove(group);
    return removed;
  }

  Stream<WasmInstance> of(String group) {
    return groups.getOrDefault(group, Map.of()).values().stream();
  }

  Set<String> keys() {
    return groups.keySet();
  }
}
