package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * As much of {@code /openapi/v3} as kubectl wants to see before it applies or explains: that every
 * kind is validated by the server, and the schemas of the custom ones.
 */
final class OpenApi {
  private final Kinds kinds;

  OpenApi(Kinds kinds) {
    this.kinds = kinds;
  }

  /** Empty where the path names no group and version. */
  Optional<ObjectNode> answer(String path) {
    if (path.equals("/openapi/v3")) return Optional.of(index());
    if (!path.startsWith("/openapi/v3/")) return Optional.empty();
    String root = path.substring("/openapi/v3/".length());
    List<Kind> served = kinds.all().stream().filter(kind -> root(kind).equals(root)).toList();
    return served.isEmpty() ? Optional.empty() : Optional.of(document(served));
  }

  private ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    for (Kind kind : kinds.all()) {
      paths.putObject(root(kind)).put("serverRelativeURL", "/openapi/v3/" + root(kind));
    }
    return index;
  }

  private static ObjectNode document(List<Kind> served) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.36.3");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (Kind kind : served) {
      String collection =
          "/" + root(kind) + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural();
      ObjectNode list = paths.putObject(collection).putObject("get");
      list.put("x-kubernetes-action", "list");
      list.set("x-kubernetes-group-version-kind", names(kind));
      ObjectNode patch = paths.putObject(collection + "/{name}").putObject("patch");
      patch.put("x-kubernetes-action", "patch");
      patch.set("x-kubernetes-group-version-kind", names(kind));
      patch.putArray("parameters").addObject().put("name", "fieldValidation").put("in", "query");
      ObjectNode schema =
          kind.schema() instanceof ObjectNode custom ? custom.deepCopy() : Json.object();
      schema.put("type", "object");
      schema.putArray("x-kubernetes-group-version-kind").add(names(kind));
      schemas.set(kind.qualifiedName() + "." + kind.version() + "." + kind.name(), schema);
    }
    return document;
  }

  private static ObjectNode names(Kind kind) {
    return Json.object()
        .put("group", kind.group())
        .put("version", kind.version())
        .put("kind", kind.name());
  }

  private static String root(Kind kind) {
    return (kind.group().isEmpty() ? "api/" : "apis/") + kind.apiVersion();
  }
}
