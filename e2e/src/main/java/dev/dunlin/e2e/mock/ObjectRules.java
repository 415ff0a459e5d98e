package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** What the server does to an object before it keeps it: metadata, status, generation. Pure. */
final class ObjectRules {
  private static final List<String> KEPT =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "generateName",
          "managedFields");
  private static final Set<String> NOT_SPEC = Set.of("metadata", "status", "apiVersion", "kind");

  /** A new object, complete but for its resource version. */
  static ObjectNode created(Kind kind, ObjectNode sent, String name, String uid, String now) {
    ObjectNode object = sent.deepCopy();
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
    ObjectNode metadata = Meta.of(object);
    metadata.without(
        List.of("resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"));
    metadata.put("name", name).put("uid", uid).put("creationTimestamp", now);
    dropEmpty(metadata);
    if (kind.generation()) metadata.put("generation", 1);
    if (kind.status()) object.remove("status");
    if (kind.isCustom()) Schema.fit(kind, object);
    else Defaults.fill(kind, object);
    return object;
  }

  /** What an update of {@code live} with {@code sent} leaves; the status has its own road. */
  static ObjectNode updated(Kind kind, ObjectNode live, ObjectNode sent, String subresource) {
    checkMeant(kind, live, sent);
    ObjectNode object;
    if (subresource.equals("status")) {
      object = live.deepCopy();
      if (sent.has("status")) object.set("status", sent.get("status").deepCopy());
      else object.remove("status");
    } else {
      object = sent.deepCopy();
      object.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
      if (kind.status()) {
        object.remove("status");
        if (live.has("status")) object.set("status", live.get("status"));
      }
    }
    keepMetadata(object, live);
    if (kind.isCustom()) Schema.fit(kind, object);
    else Defaults.fill(kind, object);
    if (kind.generation() && !spec(kind, object).equals(spec(kind, live))) {
      Meta.of(object).put("generation", live.path("metadata").path("generation").asLong() + 1);
    }
    return object;
  }

  private static void checkMeant(Kind kind, ObjectNode live, ObjectNode sent) {
    String name = Meta.name(live);
    String version = Meta.resourceVersion(sent);
    if (!version.isEmpty() && !version.equals(Meta.resourceVersion(live))) {
      throw ApiError.conflict(
          kind,
          name,
          "the object has been modified; please apply your changes to the latest version and try again");
    }
    String uid = Meta.uid(sent);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(live))) {
      throw ApiError.conflict(
          kind,
          name,
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + Meta.uid(live));
    }
    var added = Meta.finalizers(sent);
    added.removeAll(Meta.finalizers(live));
    if (Meta.isTerminating(live) && !added.isEmpty()) {
      throw ApiError.invalid(
          kind,
          name,
          "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
              + added);
    }
  }

  private static void keepMetadata(ObjectNode object, ObjectNode live) {
    ObjectNode metadata = Meta.of(object);
    for (String field : KEPT) {
      JsonNode kept = live.path("metadata").path(field);
      if (kept.isMissingNode()) metadata.remove(field);
      else metadata.set(field, kept);
    }
    metadata.put("name", Meta.name(live));
    metadata.put("resourceVersion", Meta.resourceVersion(live));
    if (!Meta.namespace(live).isEmpty()) metadata.put("namespace", Meta.namespace(live));
    dropEmpty(metadata);
  }

  private static void dropEmpty(ObjectNode metadata) {
    for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
      if (metadata.path(field).isEmpty()) metadata.remove(field);
    }
  }

  /** Everything that counts for the generation. */
  private static ObjectNode spec(Kind kind, ObjectNode object) {
    ObjectNode spec = object.deepCopy();
    spec.without(NOT_SPEC);
    if (!kind.status() && object.has("status")) spec.set("status", object.get("status"));
    return spec;
  }

  private ObjectRules() {}
}
