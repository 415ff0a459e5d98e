package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.Volume;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmVolume;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All WasmVolumes as the API server will show them: what the watch has told, and over it what this
 * process has written and the watch has not told yet. Tells the apps that refer to a volume when it
 * changes.
 *
 * <p>All state is guarded by this object's lock.
 */
public final class Volumes {
  private record Key(String namespace, String name) {
    static Key of(WasmVolume volume) {
      return new Key(volume.getMetadata().getNamespace(), volume.getMetadata().getName());
    }
  }

  private final BiConsumer<String, String> concerned;
  private final Map<Key, WasmVolume> observed = new HashMap<>();
  private final Map<Key, WasmVolume> written = new HashMap<>();
  private final Map<Key, Set<String>> apps = new HashMap<>(); // names of those that refer to it
  private final Map<App, Set<String>> names = new HashMap<>(); // of the volumes it refers to

  private record App(String namespace, String name) {}

  /**
   * @param concerned told the namespace and name of an app that a change concerns
   */
  public Volumes(BiConsumer<String, String> concerned) {
    this.concerned = concerned;
  }

  /** What the watch tells: what was and what is; null where there is nothing. */
  public void observe(@Nullable WasmVolume before, @Nullable WasmVolume after) {
    @Nullable WasmVolume any = after == null ? before : after;
    if (any == null) return;
    var key = Key.of(any);
    Set<String> told;
    synchronized (this) {
      if (after == null) observed.remove(key);
      else observed.put(key, after);
      @Nullable WasmVolume ours = written.get(key);
      if (ours != null && (after == null || isBehind(ours, after))) written.remove(key);
      told = Set.copyOf(apps.getOrDefault(key, Set.of()));
    }
    told.forEach(app -> concerned.accept(key.namespace(), app));
  }

  /** Whether the watch has come as far as what was written. */
  private static boolean isBehind(WasmVolume ours, WasmVolume observed) {
    return !Objects.equals(ours.getMetadata().getUid(), observed.getMetadata().getUid())
        || (Objects.equals(
                VolumeView.status(ours).nodeName(), VolumeView.status(observed).nodeName())
            && Objects.equals(
                VolumeView.status(ours).usedBy(), VolumeView.status(observed).usedBy()));
  }

  /** What the API server has answered to a write. */
  synchronized void written(WasmVolume volume) {
    written.put(Key.of(volume), volume);
  }

  /** A volume as it is now; null when there is none. */
  synchronized @Nullable WasmVolume get(String namespace, String name) {
    var key = new Key(namespace, name);
    @Nullable WasmVolume ours = written.get(key);
    return ours == null ? observed.get(key) : ours;
  }

  synchronized Collection<WasmVolume> all() {
    return Stream.concat(observed.keySet().stream(), written.keySet().stream())
        .distinct()
        .map(key -> get(key.namespace(), key.name()))
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * What a pass over an app may know, and remembers that the app wants to know of changes.
   *
   * @param of the volumes of the app and of its instances
   * @param isNode whether a node has a WasmNode
   */
  public synchronized VolumeView view(
      WasmApp app, Stream<List<Volume>> of, Predicate<String> isNode) {
    String namespace = app.getMetadata().getNamespace();
    String name = app.getMetadata().getName();
    Set<String> wanted =
        of.flatMap(volumes -> VolumeView.names(volumes).stream()).collect(Collectors.toSet());
    refer(new App(namespace, name), wanted);
    var known = new HashMap<String, WasmVolume>();
    Set<String> gone = new HashSet<>();
    for (String volume : wanted) {
      @Nullable WasmVolume found = get(namespace, volume);
      if (found == null) continue;
      known.put(volume, found);
      @Nullable String node = VolumeView.status(found).nodeName();
      if (node != null && !isNode.test(node)) gone.add(node);
    }
    return new VolumeView(name, known, gone);
  }

  private void refer(App app, Set<String> now) {
    @Nullable Set<String> before = now.isEmpty() ? names.remove(app) : names.put(app, now);
    if (before != null)
      for (String volume : before)
        if (!now.contains(volume))
          apps.computeIfPresent(
              new Key(app.namespace(), volume),
              (key, of) -> {
                of.remove(app.name());
                return of.isEmpty() ? null : of;
              });
    for (String volume : now)
      apps.computeIfAbsent(new Key(app.namespace(), volume), key -> new HashSet<>())
          .add(app.name());
  }

  /** Forgets the apps that are gone, which do not say so. */
  synchronized void retain(BiPredicate<String, String> exists) {
    var gone =
        names.keySet().stream().filter(app -> !exists.test(app.namespace(), app.name())).toList();
    gone.forEach(app -> refer(app, Set.of()));
  }
}
