package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.mock.Kind.ScalePaths;
import java.time.Instant;
import java.util.List;

/** What each method does to what a path names; watches apart (see {@link Watch}). */
final class ApiVerbs {
  private final Store store;
  private final Writes writes;

  /** An answer's code and body. */
  record Answer(int code, ObjectNode body) {
    static Answer ok(ObjectNode body) {
      return new Answer(200, body);
    }
  }

  ApiVerbs(Store store, Writes writes) {
    this.store = store;
    this.writes = writes;
  }

  Answer answer(ApiPath path, ApiRequest request) {
    checkSubresource(path);
    return switch (request.method()) {
      case "GET" -> Answer.ok(path.isCollection() ? list(path, request) : get(path, request));
      case "POST" -> post(path, request);
      case "PUT" -> Answer.ok(put(path, request));
      case "PATCH" -> patch(path, request);
      case "DELETE" ->
          Answer.ok(path.isCollection() ? deleteAll(path, request) : delete(path, request));
      default -> throw ApiError.methodNotAllowed(request.method());
    };
  }

  private static void checkSubresource(ApiPath path) {
    boolean there =
        switch (path.subresource()) {
          case "" -> true;
          case "status" -> path.kind().status();
          case "scale" -> path.kind().scale() != null;
          default -> false;
        };
    if (!there) throw ApiError.noSuchPath(path.kind().plural() + "/" + path.subresource());
  }

  private ObjectNode get(ApiPath path, ApiRequest request) {
    ObjectNode object = writes.existing(path);
    ScalePaths scale = path.kind().scale();
    if (path.subresource().equals("scale") && scale != null) return Scales.of(scale, object);
    return request.wantsTable()
        ? Tables.of(path.kind(), List.of(object), Meta.resourceVersion(object), Instant.now())
        : object;
  }

  private ObjectNode list(ApiPath path, ApiRequest request) {
    Kind kind = path.kind();
    var selector =
        Selector.of(kind, request.query("labelSelector"), request.query("fieldSelector"));
    var snapshot = store.list(ApiPath.storageGroup(kind), kind.plural(), path.namespace());
    List<ObjectNode> objects =
        snapshot.objects().stream()
            .map(object -> Events.served(kind, object))
            .filter(selector)
            .toList();
    String version = Long.toString(snapshot.version());
    if (request.wantsTable()) return Tables.of(kind, objects, version, Instant.now());
    ObjectNode list =
        Json.object().put("kind", kind.name() + "List").put("apiVersion", kind.apiVersion());
    list.putObject("metadata").put("resourceVersion", version);
    ArrayNode items = list.putArray("items");
    objects.forEach(items::add);
    return list;
  }

  private Answer post(ApiPath path, ApiRequest request) {
    if (!path.isCollection()) throw ApiError.methodNotAllowed("POST");
    return new Answer(201, writes.create(path, Json.parseObject(request.body()), request.writer()));
  }

  private ObjectNode put(ApiPath path, ApiRequest request) {
    if (path.isCollection()) throw ApiError.methodNotAllowed("PUT");
    ObjectNode sent = Json.parseObject(request.body());
    ScalePaths scale = path.kind().scale();
    if (path.subresource().equals("scale") && scale != null) {
      return Scales.of(
          scale,
          writes.update(
              path, live -> Scales.apply(path.kind(), scale, live, sent), request.writer()));
    }
    if (!Meta.name(sent).equals(path.name())) {
      throw ApiError.badRequest(
          "the name of the object ("
              + Meta.name(sent)
              + ") does not match the name on the URL ("
              + path.name()
              + ")");
    }
    if (Meta.resourceVersion(sent).isEmpty() && !path.kind().unconditionalUpdate()) {
      writes.existing(path);
      throw ApiError.invalid(
          path.kind(),
          path.name(),
          "metadata.resourceVersion: Invalid value: 0: must be specified for an update");
    }
    return writes.update(path, live -> sent, request.writer());
  }

  private Answer patch(ApiPath path, ApiRequest request) {
    if (path.isCollection()) throw ApiError.methodNotAllowed("PATCH");
    if (request.contentType().startsWith("application/apply-patch+")) return apply(path, request);
    ScalePaths scale = path.kind().scale();
    if (path.subresource().equals("scale") && scale != null) {
      return Answer.ok(
          Scales.of(
              scale,
              writes.update(
                  path,
                  live ->
                      Scales.apply(
                          path.kind(), scale, live, patched(path, Scales.of(scale, live), request)),
                  request.writer())));
    }
    return Answer.ok(writes.update(path, live -> patched(path, live, request), request.writer()));
  }

  private static ObjectNode patched(ApiPath path, ObjectNode live, ApiRequest request) {
    return switch (request.contentType()) {
      case "application/json-patch+json" -> Patches.json(live, Json.parse(request.body()));
      case "application/merge-patch+json" -> Patches.merge(live, Json.parseObject(request.body()));
      case "application/strategic-merge-patch+json" -> {
        if (path.kind().isCustom()) throw ApiError.unsupportedMediaType(request.contentType());
        yield Patches.strategic(live, Json.parseObject(request.body()), Shape.of(path.kind()));
      }
      default -> throw ApiError.unsupportedMediaType(request.contentType());
    };
  }

  private Answer apply(ApiPath path, ApiRequest request) {
    if (request.query("fieldManager").isEmpty()) {
      throw ApiError.badRequest(
          "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value");
    }
    if (path.subresource().equals("scale"))
      throw ApiError.unsupportedMediaType(request.contentType());
    boolean there = store.read(path.key()).isPresent();
    ObjectNode applied = Json.parseObject(request.body());
    return new Answer(there ? 200 : 201, writes.apply(path, applied, request.writer()));
  }

  private ObjectNode delete(ApiPath path, ApiRequest request) {
    ObjectNode last = writes.delete(path, options(request), request.writer());
    if (Meta.isTerminating(last)) return last;
    ObjectNode status =
        Json.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    status.putObject("metadata");
    status
        .putObject("details")
        .put("name", path.name())
        .put("group", path.kind().group())
        .put("kind", path.kind().plural())
        .put("uid", Meta.uid(last));
    return status;
  }

  private ObjectNode deleteAll(ApiPath path, ApiRequest request) {
    ObjectNode list =
        list(path, new ApiRequest("GET", request.path(), request.query(), "", "", "", ""));
    list.path("items")
        .forEach(item -> {
          var target = new ApiPath(path.kind(), Meta.namespace(item), Meta.name(item), "");
          store.atomically(() ->
              store.read(target.key()).isPresent()
                  ? writes.delete(target, options(request), request.writer())
                  : Json.object());
        });
    return list;
  }

  private static ObjectNode options(ApiRequest request) {
    ObjectNode options =
        request.body().isBlank() ? Json.object() : Json.parseObject(request.body());
    String policy = request.query("propagationPolicy");
    return policy.isEmpty() ? options : options.put("propagationPolicy", policy);
  }
}
