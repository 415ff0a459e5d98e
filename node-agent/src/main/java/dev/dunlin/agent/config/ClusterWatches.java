package dev.dunlin.agent.config;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One watch for each object that anybody here wants to know of, by its name, so that a right to
 * that name is enough. It ends with the last who wants it; one that breaks is resumed.
 */
public final class ClusterWatches implements ConfigWatches, AutoCloseable {
  private record Key(String namespace, ConfigObject object) {}

  private final KubernetesClient client;

  /** Guarded by itself, as is {@code closed}. */
  private final Map<Key, Shared<?>> shared = new HashMap<>();

  private boolean closed;

  public ClusterWatches(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Watching watch(String namespace, ConfigObject object, Runnable changed) {
    var key = new Key(namespace, object);
    Shared<?> watch;
    Handle handle;
    synchronized (shared) {
      watch = shared.computeIfAbsent(key, this::open);
      handle = new Handle(key, watch, changed);
      watch.add(handle);
      if (!closed) {
        watch.start();
      }
    }
    return handle;
  }

  /** How many objects are watched. */
  public int size() {
    synchronized (shared) {
      return shared.size();
    }
  }

  @Override
  public void close() {
    List<Shared<?>> open;
    synchronized (shared) {
      closed = true;
      open = List.copyOf(shared.values());
      shared.clear();
    }
    open.forEach(Shared::stop);
  }

  private Shared<?> open(Key key) {
    String name = key.object().name();
    return switch (key.object().kind()) {
      case CONFIG_MAP ->
          new Shared<ConfigMap>(client.configMaps().inNamespace(key.namespace()).withName(name));
      case SECRET ->
          new Shared<Secret>(client.secrets().inNamespace(key.namespace()).withName(name));
    };
  }

  private void leave(Handle handle) {
    synchronized (shared) {
      if (!handle.watch.removeLast(handle) || !shared.remove(handle.key, handle.watch)) {
        return;
      }
    }
    handle.watch.stop();
  }

  private static final class Shared<T extends HasMetadata> implements ResourceEventHandler<T> {
    private final SharedIndexInformer<T> informer;
    private final AtomicBoolean started = new AtomicBoolean();

    /** Guarded by itself. */
    private final Set<Handle> handles = new HashSet<>();

    Shared(Informable<T> object) {
      informer = object.runnableInformer(0);
      informer.exceptionHandler((wasStarted, fault) -> true); // no outage ends the watch
      informer.addEventHandler(this);
    }

    void start() {
      if (started.compareAndSet(false, true)) {
        var _ = informer.start();
      }
    }

    void stop() {
      informer.stop();
    }

    void add(Handle handle) {
      synchronized (handles) {
        handles.add(handle);
      }
    }

    /** True when nobody is left. */
    boolean removeLast(Handle handle) {
      synchronized (handles) {
        return handles.remove(handle) && handles.isEmpty();
      }
    }

    @Override
    public void onAdd(T object) {
      tell();
    }

    @Override
    public void onUpdate(T before, T object) {
      tell();
    }

    @Override
    public void onDelete(T object, boolean stateUnknown) {
      tell();
    }

    private void tell() {
      List<Handle> told;
      synchronized (handles) {
        told = List.copyOf(handles);
      }
      told.forEach(handle -> handle.changed.run());
    }
  }

  private final class Handle implements Watching {
    private final Key key;
    private final Shared<?> watch;
    private final Runnable changed;

    Handle(Key key, Shared<?> watch, Runnable changed) {
      this.key = key;
      this.watch = watch;
      this.changed = changed;
    }

    @Override
    public boolean isKnown() {
      return watch.informer.hasSynced();
    }

    @Override
    public Optional<Map<String, byte[]>> keys() {
      return watch.informer.getStore().list().stream().findFirst().map(ClusterConfig::keysOf);
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
