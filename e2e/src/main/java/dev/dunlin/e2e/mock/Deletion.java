package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How objects go: at once, or when their last finalizer has gone; then what they own goes too, as
 * the garbage collector and the namespace controller of a real cluster see to.
 */
final class Deletion {
  private final Store store;
  private final Kinds kinds;
  private final Clock clock;

  /** The time as the API writes it. */
  interface Clock {
    String now();
  }

  Deletion(Store store, Kinds kinds, Clock clock) {
    this.store = store;
    this.kinds = kinds;
    this.clock = clock;
  }

  /** Deletes an object, or marks it as terminating where something has to be done first. */
  ObjectNode delete(Store.Key key, ObjectNode live, boolean orphan) {
    if (orphan) orphan(Meta.uid(live));
    boolean namespace = isNamespace(key);
    if (Meta.finalizers(live).isEmpty() && !namespace) return remove(key, live);
    if (Meta.isTerminating(live)) return live;
    ObjectNode terminating = live.deepCopy();
    ObjectNode metadata = Meta.of(terminating);
    metadata.put("deletionTimestamp", clock.now()).put("deletionGracePeriodSeconds", 0);
    if (metadata.has("generation"))
      metadata.put("generation", metadata.get("generation").asLong() + 1);
    if (namespace) Json.child(terminating, "status").put("phase", "Terminating");
    ObjectNode stored = store.put(key, terminating);
    if (namespace) empty(key.name());
    return stored;
  }

  /** Removes an object whose last finalizer went with the write that left it like this. */
  ObjectNode remove(Store.Key key, ObjectNode last) {
    ObjectNode gone = store.remove(key, last);
    if (key.group().equals(BuiltInKinds.CRD_GROUP)) forgetKind(last);
    collect();
    finishNamespace(key.namespace());
    return gone;
  }

  /** Deletes every object none of whose owners is there any more. */
  void collect() {
    Map<Store.Key, ObjectNode> all = store.all();
    Set<String> alive = all.values().stream().map(Meta::uid).collect(Collectors.toSet());
    all.forEach((key, object) -> {
      List<String> owners = Meta.ownerUids(object);
      if (owners.isEmpty() || owners.stream().anyMatch(alive::contains)) return;
      store
          .read(key)
          .filter(still -> !Meta.isTerminating(still))
          .ifPresent(still -> delete(key, still, false));
    });
  }

  private void orphan(String ownerUid) {
    store
        .all()
        .forEach((key, object) -> {
          if (!Meta.ownerUids(object).contains(ownerUid)) return;
          ObjectNode freed = object.deepCopy();
          ArrayNode owners = Json.array();
          for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (!owner.path("uid").asText().equals(ownerUid)) owners.add(owner);
          }
          Meta.of(freed).set("ownerReferences", owners);
          store.put(key, freed);
        });
  }

  private void empty(String namespace) {
    store
        .all()
        .forEach((key, object) -> {
          if (!key.namespace().equals(namespace)) return;
          store
              .read(key)
              .filter(still -> !Meta.isTerminating(still))
              .ifPresent(still -> delete(key, still, false));
        });
    finishNamespace(namespace);
  }

  private void finishNamespace(String namespace) {
    if (namespace.isEmpty()) return;
    if (store.all().keySet().stream().anyMatch(key -> key.namespace().equals(namespace))) return;
    var key = ApiPath.keyOf(kinds.builtIn("", "namespaces"), "", namespace);
    store
        .read(key)
        .filter(Meta::isTerminating)
        .filter(live -> Meta.finalizers(live).isEmpty())
        .ifPresent(live -> store.remove(key, live));
  }

  private void forgetKind(ObjectNode definition) {
    kinds.forget(definition);
    JsonNode spec = definition.path("spec");
    String plural = spec.path("names").path("plural").asText();
    store
        .all()
        .forEach((key, object) -> {
          boolean of =
              key.group().equals(spec.path("group").asText()) && key.plural().equals(plural);
          if (of) store.remove(key, object);
        });
  }

  private static boolean isNamespace(Store.Key key) {
    return key.group().isEmpty() && key.plural().equals("namespaces");
  }
}
