package dev.dunlin.operator.config;

import dev.dunlin.api.v1alpha1.KeySelector;
import dev.dunlin.api.v1alpha1.ObjectSelector;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A ConfigMap or Secret that variables of an app are made from.
 *
 * @param whole whether all its keys are variables
 * @param keys those that are, where not all
 */
public record ConfigRef(ConfigKind kind, String name, boolean whole, Set<String> keys) {
  public ConfigRef {
    keys = Set.copyOf(keys);
  }

  /** What names it in an app, in the words of an annotation. */
  public String id() {
    return kind.word() + "/" + name;
  }

  /** All that the variables of that template refer to; files are none of it. */
  public static List<ConfigRef> of(WasmAppSpec spec) {
    var found = new TreeMap<String, ConfigRef>();
    for (var variable : spec.env()) {
      var from = variable.valueFrom();
      if (from == null) continue;
      add(found, ConfigKind.CONFIG_MAP, from.configMapKeyRef());
      add(found, ConfigKind.SECRET, from.secretKeyRef());
    }
    for (var all : spec.envFrom()) {
      add(found, ConfigKind.CONFIG_MAP, all.configMapRef());
      add(found, ConfigKind.SECRET, all.secretRef());
    }
    Collection<ConfigRef> refs = found.values();
    return List.copyOf(refs);
  }

  private static void add(
      TreeMap<String, ConfigRef> found, ConfigKind kind, @Nullable KeySelector key) {
    if (key != null) add(found, new ConfigRef(kind, key.name(), false, Set.of(key.key())));
  }

  private static void add(
      TreeMap<String, ConfigRef> found, ConfigKind kind, @Nullable ObjectSelector object) {
    if (object != null) add(found, new ConfigRef(kind, object.name(), true, Set.of()));
  }

  private static void add(TreeMap<String, ConfigRef> found, ConfigRef ref) {
    found.merge(ref.id(), ref, ConfigRef::and);
  }

  private ConfigRef and(ConfigRef other) {
    var both = new TreeSet<>(keys);
    both.addAll(other.keys);
    return new ConfigRef(kind, name, whole || other.whole, both);
  }
}
