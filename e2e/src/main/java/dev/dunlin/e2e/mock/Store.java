package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every object, the count of changes that resource versions come from, and the latest changes, for
 * watches. Owner of its state is the monitor of this object; who reads and then writes does both
 * {@link #atomically}. The trees in it are never changed.
 */
final class Store {
  private static final int CHANGES_KEPT = 20_000;

  /** Where an object is. Versions of a kind share their objects, so the key has none. */
  record Key(String group, String plural, String namespace, String name)
      implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = group.compareTo(other.group);
      if (order == 0) order = plural.compareTo(other.plural);
      if (order == 0) order = namespace.compareTo(other.namespace);
      return order == 0 ? name.compareTo(other.name) : order;
    }
  }

  /** An object's way from one state to the next; null is "not there". */
  record Change(long version, Key key, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

  /** What a list was read from, for the watch that follows it. */
  record Snapshot(long version, List<ObjectNode> objects) {}

  /** Changes as they come, until it is closed. */
  final class Subscription implements AutoCloseable {
    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();

    LinkedBlockingQueue<Change> changes() {
      return changes;
    }

    @Override
    public void close() {
      synchronized (Store.this) {
        subscriptions.remove(this);
      }
    }
  }

  private final TreeMap<Key, ObjectNode> objects = new TreeMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private long version = 1;

  synchronized <T> T atomically(Supplier<T> work) {
    return work.get();
  }

  synchronized long version() {
    return version;
  }

  synchronized Optional<ObjectNode> read(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The objects of a kind, of one namespace or (with an empty one) of all. */
  synchronized Snapshot list(String group, String plural, String namespace) {
    var from = new Key(group, plural, namespace, "");
    var found = new ArrayList<ObjectNode>();
    for (Map.Entry<Key, ObjectNode> entry : objects.tailMap(from).entrySet()) {
      Key key = entry.getKey();
      if (!key.group.equals(group) || !key.plural.equals(plural)) break;
      if (namespace.isEmpty() || key.namespace.equals(namespace)) found.add(entry.getValue());
    }
    return new Snapshot(version, found);
  }

  /** All objects of all kinds. */
  synchronized Map<Key, ObjectNode> all() {
    return new TreeMap<>(objects);
  }

  /** Stores that state under the next resource version; returns what was stored. */
  synchronized ObjectNode put(Key key, ObjectNode object) {
    version++;
    Meta.of(object).put("resourceVersion", Long.toString(version));
    publish(new Change(version, key, objects.put(key, object), object));
    return object;
  }

  synchronized ObjectNode remove(Key key, ObjectNode last) {
    version++;
    var gone = last.deepCopy();
    Meta.of(gone).put("resourceVersion", Long.toString(version));
    objects.remove(key);
    publish(new Change(version, key, gone, null));
    return gone;
  }

  /** Every change after that version, and all that follow. */
  synchronized Subscription subscribe(long after) {
    if (after > version) {
      throw ApiError.gone("resourceVersion " + after + " is ahead of this server's " + version);
    }
    var oldest = history.peekFirst();
    boolean forgotten = history.size() == CHANGES_KEPT && oldest != null && after < oldest.version;
    if (forgotten) throw ApiError.gone("too old resource version: " + after);
    var subscription = new Subscription();
    history.stream().filter(change -> change.version > after).forEach(subscription.changes::add);
    subscriptions.add(subscription);
    return subscription;
  }

  private void publish(Change change) {
    history.addLast(change);
    if (history.size() > CHANGES_KEPT) history.removeFirst();
    subscriptions.forEach(subscription -> subscription.changes.add(change));
  }
}
