package dev.dunlin.operator.instance;

import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.placement.Usage;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All WasmInstances as the API server will show them: what the watch has told, and over it what
 * this process has written and the watch has not told yet. So no pass makes a thing twice because
 * its cache is behind (a ReplicaSet controller's expectations), and no two passes give away the
 * same room on a node.
 *
 * <p>All state is guarded by this object's lock; nothing is done under it but reading and writing
 * memory.
 */
public final class Instances {
  /** A write that the watch has not confirmed by then never will: it was undone in between. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;
  private final Map<String, Map<String, WasmInstance>> byApp = new HashMap<>();
  private final Map<String, Written> creating = new HashMap<>();
  private final Map<String, Long> deleting = new HashMap<>(); // since when
  private final Map<String, Usage> usage = new HashMap<>(); // by node

  private record Written(WasmInstance object, long at) {}

  public Instances(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** What the watch tells: what was and what is; null where there is nothing. */
  public synchronized void observe(@Nullable WasmInstance before, @Nullable WasmInstance after) {
    @Nullable WasmInstance any = after == null ? before : after;
    if (any == null) return;
    var ofApp = byApp.computeIfAbsent(app(any), key -> new LinkedHashMap<>());
    @Nullable WasmInstance known = ofApp.remove(key(any));
    @Nullable Written written = creating.remove(key(any));
    count(known, -1);
    if (written != null) count(written.object(), -1);
    if (after != null) {
      ofApp.put(key(after), after);
      count(after, 1);
    }
    if (after == null || after.getMetadata().getDeletionTimestamp() != null)
      deleting.remove(key(any));
    if (ofApp.isEmpty()) byApp.remove(app(any));
  }

  /** To be called before an instance is created. */
  public synchronized void creating(WasmInstance instance) {
    notCreated(instance); // of that name, should a pass before have written one
    creating.put(key(instance), new Written(instance, nanoTime.getAsLong()));
    count(instance, 1);
  }

  /** It was not created after all. */
  public synchronized void notCreated(WasmInstance instance) {
    @Nullable Written written = creating.remove(key(instance));
    if (written != null) count(written.object(), -1);
  }

  /** To be called before an instance is deleted. */
  public synchronized void deleting(WasmInstance instance) {
    deleting.put(key(instance), nanoTime.getAsLong());
  }

  /** It was not deleted after all. */
  public synchronized void notDeleted(WasmInstance instance) {
    deleting.remove(key(instance));
  }

  /** The instances of an app. */
  public synchronized List<Instance> ofApp(String namespace, String name) {
    expire();
    String app = namespace + "/" + name;
    var observed = byApp.getOrDefault(app, Map.of()).values().stream().map(this::instance);
    var written =
        creating.values().stream()
            .map(Written::object)
            .filter(object -> app(object).equals(app))
            .map(this::instance);
    return Stream.concat(observed, written).toList();
  }

  /** What the watch has told of all instances. */
  public synchronized List<WasmInstance> all() {
    return byApp.values().stream().map(Map::values).flatMap(Collection::stream).toList();
  }

  /** What is taken of a node. Finished instances take nothing, terminating ones still do. */
  public synchronized Usage usage(String node) {
    return usage.getOrDefault(node, Usage.NONE);
  }

  private Instance instance(WasmInstance object) {
    return new Instance(
        object,
        object.getMetadata().getDeletionTimestamp() != null || deleting.containsKey(key(object)));
  }

  private void expire() {
    long oldest = nanoTime.getAsLong() - PATIENCE.toNanos();
    deleting.values().removeIf(at -> at - oldest < 0);
    var expired = creating.values().stream().filter(w -> w.at() - oldest < 0).toList();
    expired.forEach(w -> notCreated(w.object()));
  }

  private void count(@Nullable WasmInstance object, int sign) {
    if (object == null) return;
    var instance = Instance.of(object);
    if (instance.finished()) return;
    long memory = instance.memoryBytes();
    usage.merge(
        instance.node(),
        Usage.NONE.plus(memory),
        (old, one) -> sign > 0 ? old.plus(memory) : old.minus(memory));
    usage.values().removeIf(Usage.NONE::equals);
  }

  private static String key(WasmInstance object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  private static String app(WasmInstance object) {
    return object.getMetadata().getNamespace() + "/" + object.getSpec().appName();
  }
}
