package dev.dunlin.operator.access;

import dev.dunlin.api.v1alpha1.EnvFromSource;
import dev.dunlin.api.v1alpha1.EnvVar;
import dev.dunlin.api.v1alpha1.KeySelector;
import dev.dunlin.api.v1alpha1.LocalObjectReference;
import dev.dunlin.api.v1alpha1.ObjectSelector;
import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.VolumeProjection;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmInstanceSpec;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Names of all ConfigMaps and Secrets of one namespace that something refers to: by pull secrets,
 * variables and volumes. Pure.
 */
record References(SortedSet<String> configMaps, SortedSet<String> secrets) {
  static final References NONE = new References(new TreeSet<>(), new TreeSet<>());

  References {
    configMaps = Collections.unmodifiableSortedSet(new TreeSet<>(configMaps));
    secrets = Collections.unmodifiableSortedSet(new TreeSet<>(secrets));
  }

  static References of(WasmInstanceSpec spec) {
    return of(spec.imagePullSecrets(), spec.env(), spec.envFrom(), spec.volumes());
  }

  static References of(WasmAppSpec spec) {
    return of(spec.imagePullSecrets(), spec.env(), spec.envFrom(), spec.volumes());
  }

  private static References of(
      List<LocalObjectReference> pullSecrets,
      List<EnvVar> env,
      List<EnvFromSource> envFrom,
      List<Volume> volumes) {
    if (pullSecrets.isEmpty() && env.isEmpty() && envFrom.isEmpty() && volumes.isEmpty())
      return NONE;
    var found = new Found();
    pullSecrets.forEach(secret -> found.secrets.add(secret.name()));
    for (var variable : env) {
      var from = variable.valueFrom();
      if (from == null) continue;
      add(found.configMaps, from.configMapKeyRef());
      add(found.secrets, from.secretKeyRef());
    }
    for (var all : envFrom) {
      add(found.configMaps, all.configMapRef());
      add(found.secrets, all.secretRef());
    }
    volumes.forEach(found::add);
    return new References(found.configMaps, found.secrets);
  }

  private static void add(Collection<String> names, @Nullable KeySelector key) {
    if (key != null) names.add(key.name());
  }

  private static void add(Collection<String> names, @Nullable ObjectSelector object) {
    if (object != null) names.add(object.name());
  }

  private record Found(TreeSet<String> configMaps, TreeSet<String> secrets) {
    Found() {
      this(new TreeSet<>(), new TreeSet<>());
    }

    void add(Volume volume) {
      if (volume.configMap() != null) configMaps.add(volume.configMap().name());
      if (volume.secret() != null) secrets.add(volume.secret().secretName());
      if (volume.projected() != null) volume.projected().sources().forEach(this::add);
    }

    void add(VolumeProjection source) {
      if (source.configMap() != null) configMaps.add(source.configMap().name());
      if (source.secret() != null) secrets.add(source.secret().name());
    }
  }

  References and(References other) {
    if (contains(other)) return this;
    var maps = new TreeSet<>(configMaps);
    maps.addAll(other.configMaps);
    var both = new TreeSet<>(secrets);
    both.addAll(other.secrets);
    return new References(maps, both);
  }

  boolean contains(References other) {
    return configMaps.containsAll(other.configMaps) && secrets.containsAll(other.secrets);
  }

  boolean isEmpty() {
    return configMaps.isEmpty() && secrets.isEmpty();
  }
}
