package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.config.ConfigKind;
import dev.dunlin.operator.config.ConfigRef;
import dev.dunlin.operator.config.Content;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the ConfigMaps and Secrets of those namespaces whose apps' variables refer to any, and
 * tells the apps that refer to one when what it says has changed. It keeps hashes only.
 *
 * <p>All state is guarded by this object's lock; watches are started and stopped outside of it.
 */
public final class Configs implements AutoCloseable {
  /** After that what cannot be read counts as absent: an app must not wait for ever for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final Changes changes;
  private final Supplier<Stream<WasmApp>> apps;
  private final LongSupplier nanoTime;
  private final Map<App, Set<Target>> refers = new HashMap<>();
  private final Map<Target, Set<App>> referred = new HashMap<>();
  private final Map<Scope, Watching> watching = new HashMap<>();
  private long sweptAt;
  private boolean closed;

  private record App(String namespace, String name) {
    static App of(WasmApp app) {
      return new App(app.getMetadata().getNamespace(), app.getMetadata().getName());
    }
  }

  private record Scope(ConfigKind kind, String namespace) {}

  private record Target(Scope scope, String name) {}

  private record Watching(
      BooleanSupplier synced, Function<String, Content> read, Runnable close, long since) {}

  /**
   * @param apps all that exist
   */
  public Configs(
      KubernetesClient client,
      Changes changes,
      Supplier<Stream<WasmApp>> apps,
      LongSupplier nanoTime) {
    this.client = client;
    this.changes = changes;
    this.apps = apps;
    this.nanoTime = nanoTime;
    sweptAt = nanoTime.getAsLong();
  }

  /** Remembers what an app refers to from now on, and watches it. */
  public synchronized void refer(WasmApp app, List<ConfigRef> refs) {
    if (closed || (refs.isEmpty() && refers.isEmpty())) return;
    var now =
        refs.stream()
            .map(ref ->
                new Target(new Scope(ref.kind(), app.getMetadata().getNamespace()), ref.name()))
            .collect(Collectors.toSet());
    change(App.of(app), now);
    sweep();
  }

  private void change(App app, Set<Target> now) {
    var before = now.isEmpty() ? refers.remove(app) : refers.put(app, now);
    if (before != null)
      for (var target : before)
        if (!now.contains(target))
          referred.computeIfPresent(
              target,
              (key, by) -> {
                by.remove(app);
                return by.isEmpty() ? null : by;
              });
    for (var target : now) {
      referred.computeIfAbsent(target, key -> new HashSet<>()).add(app);
      watching.computeIfAbsent(target.scope(), this::watch);
    }
    if (before != null && !now.containsAll(before)) stopUnused();
  }

  /** Apps that are gone do not say so. */
  private void sweep() {
    long now = nanoTime.getAsLong();
    if (now - sweptAt < BETWEEN_SWEEPS.toNanos()) return;
    sweptAt = now;
    var living = apps.get().map(App::of).collect(Collectors.toSet());
    var gone = refers.keySet().stream().filter(app -> !living.contains(app)).toList();
    gone.forEach(app -> change(app, Set.of()));
  }

  private void stopUnused() {
    var used = referred.keySet().stream().map(Target::scope).collect(Collectors.toSet());
    var unused = watching.keySet().stream().filter(scope -> !used.contains(scope)).toList();
    for (var scope : unused) {
      var watch = Objects.requireNonNull(watching.remove(scope));
      Thread.ofVirtual().name("dunlin-config-stop").start(watch.close());
    }
  }

  private Watching watch(Scope scope) {
    return switch (scope.kind()) {
      case CONFIG_MAP ->
          watch(
              scope,
              client.configMaps().inNamespace(scope.namespace()),
              Hashed::reduce,
              Hashed::keys);
      case SECRET ->
          watch(
              scope, client.secrets().inNamespace(scope.namespace()), Hashed::reduce, Hashed::keys);
    };
  }

  private <T extends HasMetadata> Watching watch(
      Scope scope,
      Informable<T> objects,
      Consumer<T> reduce,
      Function<T, Map<String, String>> keys) {
    var watched =
        new Watched<>(
            List.of(objects),
            Map.of(),
            reduce,
            (before, after) -> changed(scope, before, after, keys));
    Thread.ofVirtual()
        .name("dunlin-config-start")
        .start(() -> {
          var _ = watched.start().thenRun(() -> tell(referring(scope)));
        });
    return new Watching(
        watched::hasSynced,
        name -> {
          @Nullable T found = watched.get(scope.namespace(), name);
          return found == null ? new Content.Absent() : new Content.Present(keys.apply(found));
        },
        watched::close,
        nanoTime.getAsLong());
  }

  private <T extends HasMetadata> void changed(
      Scope scope, @Nullable T before, @Nullable T after, Function<T, Map<String, String>> keys) {
    @Nullable T any = after == null ? before : after;
    if (any == null) return;
    if (before != null && after != null && keys.apply(before).equals(keys.apply(after))) return;
    tell(apps(new Target(scope, any.getMetadata().getName())));
  }

  private synchronized Set<App> referring(Scope scope) {
    return referred.entrySet().stream()
        .filter(it -> it.getKey().scope().equals(scope))
        .flatMap(it -> it.getValue().stream())
        .collect(Collectors.toSet());
  }

  private synchronized Set<App> apps(Target target) {
    return Set.copyOf(referred.getOrDefault(target, Set.of()));
  }

  private void tell(Set<App> who) {
    who.forEach(app -> changes.app(app.namespace(), app.name()));
  }

  /** What is known of an object that some app of the namespace refers to. */
  public Content read(String namespace, ConfigRef ref) {
    var scope = new Scope(ref.kind(), namespace);
    @Nullable Watching watch;
    synchronized (this) {
      watch = watching.get(scope);
    }
    if (watch == null) return new Content.Unknown();
    if (watch.synced().getAsBoolean()) return watch.read().apply(ref.name());
    return nanoTime.getAsLong() - watch.since() < PATIENCE.toNanos()
        ? new Content.Unknown()
        : new Content.Absent();
  }

  /** How many watches there are. */
  synchronized int watches() {
    return watching.size();
  }

  @Override
  public void close() {
    List<Watching> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(watching.values());
      watching.clear();
    }
    all.forEach(it -> it.close().run());
  }
}
