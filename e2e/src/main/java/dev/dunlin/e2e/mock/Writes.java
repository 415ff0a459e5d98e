package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.mock.ManagedFields.Manager;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Creates, updates, patches and deletes objects: what POST, PUT, PATCH and DELETE do. */
final class Writes {
  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  /** Who writes, and whether it is only asked what would happen. */
  record Writer(String fieldManager, boolean force, boolean dryRun) {}

  private final Store store;
  private final Kinds kinds;
  private final Deletion deletion;
  private final Deletion.Clock clock;

  Writes(Store store, Kinds kinds, Deletion.Clock clock) {
    this.store = store;
    this.kinds = kinds;
    this.clock = clock;
    this.deletion = new Deletion(store, kinds, clock);
  }

  ObjectNode create(ApiPath path, ObjectNode sent, Writer writer) {
    return store.atomically(() -> {
      Kind kind = path.kind();
      String name = nameFor(kind, sent);
      ApiPath target = new ApiPath(kind, namespaceFor(path, sent), name, "");
      if (store.read(target.key()).isPresent()) throw ApiError.alreadyExists(kind, name);
      if (!Meta.resourceVersion(sent).isEmpty()) {
        throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
      }
      ObjectNode object = fresh(target, sent);
      ManagedFields owners = new ManagedFields();
      FieldSet fields = FieldSet.of(object, Shape.of(kind));
      owners.update(manager(writer, ManagedFields.UPDATE, target), fields, fields, clock.now());
      owners.writeTo(object);
      return keep(target, object, writer);
    });
  }

  /**
   * Changes an object that is there; {@code change} turns its present state into the wanted one.
   */
  ObjectNode update(ApiPath path, UnaryOperator<ObjectNode> change, Writer writer) {
    return store.atomically(() -> {
      ObjectNode live = existing(path);
      ObjectNode object =
          ObjectRules.updated(path.kind(), live, change.apply(live), path.subresource());
      Shape shape = Shape.of(path.kind());
      ManagedFields owners = ManagedFields.of(live);
      FieldSet present = FieldSet.of(object, shape);
      owners.update(
          manager(writer, ManagedFields.UPDATE, path),
          present.differing(live, object),
          present,
          clock.now());
      owners.writeTo(object);
      return keepChanged(path, live, object, writer);
    });
  }

  /** Server-side apply. */
  ObjectNode apply(ApiPath path, ObjectNode applied, Writer writer) {
    return store.atomically(() -> {
      Kind kind = path.kind();
      if (!applied.path("metadata").path("managedFields").isEmpty()) {
        throw ApiError.badRequest("metadata.managedFields must be nil");
      }
      var there = store.read(path.key());
      if (there.isEmpty() && !path.subresource().isEmpty())
        throw ApiError.notFound(kind, path.name());
      ObjectNode wanted = ownPart(kind, applied, path.subresource());
      ObjectNode base = there.orElseGet(Json::object);
      Manager manager = manager(writer, ManagedFields.APPLY, path);
      ObjectNode merged =
          ServerSideApply.apply(base, wanted, Shape.of(kind), manager, writer.force(), clock.now());
      var managed = merged.path("metadata").path("managedFields");
      if (there.isEmpty()) {
        ObjectNode object = fresh(path, merged);
        Meta.of(object).set("managedFields", managed);
        return keep(path, object, writer);
      }
      ObjectNode object = ObjectRules.updated(kind, base, merged, path.subresource());
      Meta.of(object).set("managedFields", managed);
      return keepChanged(path, base, object, writer);
    });
  }

  ObjectNode delete(ApiPath path, ObjectNode options, Writer writer) {
    return store.atomically(() -> {
      ObjectNode live = existing(path);
      String uid = options.path("preconditions").path("uid").asText("");
      String version = options.path("preconditions").path("resourceVersion").asText("");
      boolean meant =
          (uid.isEmpty() || uid.equals(Meta.uid(live)))
              && (version.isEmpty() || version.equals(Meta.resourceVersion(live)));
      if (!meant) {
        throw ApiError.conflict(
            path.kind(), path.name(), "Precondition failed: " + options.path("preconditions"));
      }
      boolean orphan = options.path("propagationPolicy").asText().equals("Orphan");
      return writer.dryRun() ? live : deletion.delete(path.key(), live, orphan);
    });
  }

  ObjectNode existing(ApiPath path) {
    return store
        .read(path.key())
        .map(live -> Events.served(path.kind(), live))
        .orElseThrow(() -> ApiError.notFound(path.kind(), path.name()));
  }

  private ObjectNode fresh(ApiPath target, ObjectNode sent) {
    if (target.kind().namespaced()) Meta.of(sent).put("namespace", target.namespace());
    return ObjectRules.created(
        target.kind(), sent, target.name(), UUID.randomUUID().toString(), clock.now());
  }

  /**
   * To the status belongs nothing else; to the object no status, where it has a road of its own.
   */
  private static ObjectNode ownPart(Kind kind, ObjectNode applied, String subresource) {
    ObjectNode part = applied.deepCopy();
    if (subresource.equals("status")) part.retain("apiVersion", "kind", "metadata", "status");
    else if (kind.status()) part.remove("status");
    return part;
  }

  private ObjectNode keepChanged(ApiPath path, ObjectNode live, ObjectNode object, Writer writer) {
    if (object.equals(live)) return live;
    boolean last = Meta.isTerminating(object) && Meta.finalizers(object).isEmpty();
    boolean namespace = path.kind().name().equals("Namespace");
    if (last && !namespace && !writer.dryRun()) return deletion.remove(path.key(), object);
    return keep(path, object, writer);
  }

  private ObjectNode keep(ApiPath path, ObjectNode object, Writer writer) {
    if (writer.dryRun()) return object;
    ObjectNode stored = store.put(path.key(), Events.stored(path.kind(), object));
    if (path.kind().group().equals(BuiltInKinds.CRD_GROUP)) kinds.define(stored);
    if (!Meta.ownerUids(stored).isEmpty()) deletion.collect();
    return Events.served(path.kind(), stored);
  }

  private String namespaceFor(ApiPath path, ObjectNode sent) {
    if (!path.kind().namespaced()) return "";
    String said = Meta.namespace(sent);
    if (!said.isEmpty() && !said.equals(path.namespace())) {
      throw ApiError.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    Kind namespaces = kinds.builtIn("", "namespaces");
    ObjectNode namespace = existing(new ApiPath(namespaces, "", path.namespace(), ""));
    if (Meta.isTerminating(namespace)) {
      throw ApiError.forbidden(
          "unable to create new content in namespace "
              + path.namespace()
              + " because it is being terminated");
    }
    return path.namespace();
  }

  private static String nameFor(Kind kind, ObjectNode sent) {
    String name = Meta.name(sent);
    String prefix = sent.path("metadata").path("generateName").asText("");
    if (name.isEmpty() && !prefix.isEmpty()) {
      var generated = new StringBuilder(prefix);
      ThreadLocalRandom.current()
          .ints(5, 0, NAME_LETTERS.length())
          .forEach(letter -> generated.append(NAME_LETTERS.charAt(letter)));
      return generated.toString();
    }
    if (name.isEmpty()) {
      throw ApiError.invalid(
          kind, "", "metadata.name: Required value: name or generateName is required");
    }
    boolean valid = name.length() <= 253 && name.matches("[a-z0-9]([-a-z0-9.:]*[a-z0-9])?");
    if (!valid && !kind.group().startsWith("rbac")) {
      throw ApiError.invalid(
          kind,
          name,
          "metadata.name: Invalid value: \""
              + name
              + "\": a lowercase RFC 1123 subdomain is expected");
    }
    return name;
  }

  private static Manager manager(Writer writer, String operation, ApiPath path) {
    return new Manager(
        writer.fieldManager(), operation, path.kind().apiVersion(), path.subresource());
  }
}
