package dev.dunlin.operator.instance;

import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.placement.Room;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
 * memory, and nothing that every pass asks for looks at more than one app or one node.
 */
public final class Instances {
  /** A write that the watch has not confirmed by then never will: it was undone in between. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final LongSupplier nanoTime;
  private final Index byApp = new Index();
  private final Index byNode = new Index();
  private final Index creatingByApp = new Index();
  private final Map<String, Written> creating = new LinkedHashMap<>(); // oldest first
  private final Map<String, Long> deleting = new LinkedHashMap<>(); // since when, oldest first
  private final Map<String, Room> usage = new HashMap<>(); // by node
  private final TreeMap<Integer, Integer> priorities = new TreeMap<>(); // and how many have it
  private final Map<String, Room> used = new HashMap<>(); // by namespace
  private int size;

  private record Written(WasmInstance object, long at) {}

  public Instances(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** What the watch tells: what was and what is; null where there is nothing. */
  public synchronized void observe(@Nullable WasmInstance before, @Nullable WasmInstance after) {
    @Nullable WasmInstance any = after == null ? before : after;
    if (any == null) return;
    String key = key(any);
    @Nullable WasmInstance known = byApp.remove(app(any), key);
    if (known != null) {
      byNode.remove(node(known), key);
      size--;
      count(known, -1);
    }
    notCreated(any);
    if (after != null) {
      byApp.put(app(after), key, after);
      byNode.put(node(after), key, after);
      size++;
      count(after, 1);
    }
    if (after == null || after.getMetadata().getDeletionTimestamp() != null) deleting.remove(key);
  }

  /** To be called before an instance is created. */
  public synchronized void creating(WasmInstance instance) {
    notCreated(instance); // of that name, should a pass before have written one
    creating.put(key(instance), new Written(instance, nanoTime.getAsLong()));
    creatingByApp.put(app(instance), key(instance), instance);
    count(instance, 1);
  }

  /** It was not created after all. */
  public synchronized void notCreated(WasmInstance instance) {
    @Nullable Written written = creating.remove(key(instance));
    if (written == null) return;
    creatingByApp.remove(app(written.object()), key(instance));
    count(written.object(), -1);
  }

  /** Whether this process has made it, and neither the watch nor its agent has told of it yet. */
  public synchronized boolean isCreating(@Nullable WasmInstance instance) {
    return instance != null && instance.getStatus() == null && creating.containsKey(key(instance));
  }

  /** To be called before an instance is deleted. */
  public synchronized void deleting(WasmInstance instance) {
    deleting.remove(key(instance));
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
    return Stream.concat(byApp.of(app), creatingByApp.of(app)).map(this::instance).toList();
  }

  /** What the watch has told of all instances; not for what happens often. */
  public synchronized List<WasmInstance> all() {
    return byApp.keys().stream().flatMap(byApp::of).toList();
  }

  /** The same, and what this process is making; not for what happens often. */
  public synchronized List<WasmInstance> allWithUnconfirmed() {
    return Stream.concat(
            byApp.keys().stream().flatMap(byApp::of),
            creating.values().stream().map(Written::object))
        .toList();
  }

  /** How many the watch has told of. */
  public synchronized int size() {
    return size;
  }

  /** What is on a node, our own unconfirmed deletions included. */
  public synchronized List<Instance> tenants(String node) {
    return byNode.of(node).map(this::instance).toList();
  }

  /** What the watch has told of the instances of a node. */
  public synchronized List<WasmInstance> onNode(String node) {
    return byNode.of(node).toList();
  }

  /** Nodes that have instances, whether the nodes exist or not. */
  public synchronized Set<String> nodes() {
    return Set.copyOf(byNode.keys());
  }

  /** What is taken of a node. Finished instances take nothing, terminating ones still do. */
  public synchronized Room roomTaken(String node) {
    return usage.getOrDefault(node, Room.NONE);
  }

  /** The lowest priority of any that runs. */
  public synchronized int lowestPriority() {
    return priorities.isEmpty() ? Integer.MAX_VALUE : priorities.firstKey();
  }

  private static @Nullable Integer countedOrGone(int before, int sign) {
    return before + sign == 0 ? null : before + sign;
  }

  /** What the instances of a namespace take that are not finished. */
  public synchronized Room used(String namespace) {
    return used.getOrDefault(namespace, Room.NONE);
  }

  private Instance instance(WasmInstance object) {
    return new Instance(
        object,
        object.getMetadata().getDeletionTimestamp() != null || deleting.containsKey(key(object)));
  }

  private void expire() {
    long oldest = nanoTime.getAsLong() - PATIENCE.toNanos();
    var deletions = deleting.values().iterator();
    while (deletions.hasNext() && deletions.next() - oldest < 0) deletions.remove();
    while (!creating.isEmpty()) {
      var first = creating.values().iterator().next();
      if (first.at() - oldest >= 0) return;
      notCreated(first.object());
    }
  }

  private void count(WasmInstance object, int sign) {
    var instance = Instance.of(object);
    if (instance.finished()) return;
    priorities.merge(instance.priority(), sign, Instances::countedOrGone);
    var amounts = Room.requested(object.getSpec().resources());
    used.compute(
        instance.namespace(),
        (namespace, old) -> {
          var was = old == null ? Room.NONE : old;
          var is = sign > 0 ? was.plus(amounts) : was.minus(amounts);
          return Room.NONE.equals(is) ? null : is;
        });
    var room = instance.room();
    usage.compute(
        instance.node(),
        (node, old) -> {
          var was = old == null ? Room.NONE : old;
          var is = sign > 0 ? was.plus(room) : was.minus(room);
          return Room.NONE.equals(is) ? null : is;
        });
  }

  private static String key(WasmInstance object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  private static String app(WasmInstance object) {
    return object.getMetadata().getNamespace() + "/" + object.getSpec().appName();
  }

  private static String node(WasmInstance object) {
    return object.getSpec().nodeName();
  }
}
