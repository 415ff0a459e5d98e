package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is served, as kubectl and clients ask for it before anything else. */
final class Discovery {
  private static final String[] VERBS = {
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"
  };

  private final Kinds kinds;

  Discovery(Kinds kinds) {
    this.kinds = kinds;
  }

  /** Empty where the path is not about what is served. */
  Optional<ObjectNode> answer(String path) {
    String[] parts = path.substring(Math.min(1, path.length())).split("/", -1);
    return switch (parts[0]) {
      case "version" -> Optional.of(version());
      case "api" ->
          parts.length == 1
              ? Optional.of(coreVersions())
              : resources("", parts[1], parts.length == 2);
      case "apis" ->
          switch (parts.length) {
            case 1 -> Optional.of(groups());
            case 2 -> group(parts[1]);
            default -> resources(parts[1], parts[2], parts.length == 3);
          };
      default -> Optional.empty();
    };
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "36")
        .put("gitVersion", "v1.36.3+dunlin-mock")
        .put("platform", "jvm");
  }

  private static ObjectNode coreVersions() {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    return versions;
  }

  private ObjectNode groups() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    groupVersions().forEach((name, versions) -> groups.add(group(name, versions)));
    return list;
  }

  private Optional<ObjectNode> group(String name) {
    Set<String> versions = groupVersions().get(name);
    if (versions == null) return Optional.empty();
    return Optional.of(group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1"));
  }

  private static ObjectNode group(String name, Set<String> versions) {
    ObjectNode group = Json.object().put("name", name);
    ArrayNode list = group.putArray("versions");
    for (String version : versions) {
      list.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", list.get(0));
    return group;
  }

  private Map<String, Set<String>> groupVersions() {
    var versions = new LinkedHashMap<String, Set<String>>();
    for (Kind kind : kinds.all()) {
      if (kind.group().isEmpty()) continue;
      versions.computeIfAbsent(kind.group(), any -> new LinkedHashSet<>()).add(kind.version());
    }
    return versions;
  }

  private Optional<ObjectNode> resources(String group, String version, boolean whole) {
    List<Kind> served =
        kinds.all().stream()
            .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
            .toList();
    if (served.isEmpty() || !whole) return Optional.empty();
    ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", served.getFirst().apiVersion());
    ArrayNode resources = list.putArray("resources");
    for (Kind kind : served) {
      resource(resources.addObject(), kind);
      if (kind.status())
        subresource(resources.addObject(), kind, "status").put("kind", kind.name());
      if (kind.scale() != null) {
        subresource(resources.addObject(), kind, "scale")
            .put("group", "autoscaling")
            .put("version", "v1")
            .put("kind", "Scale");
      }
    }
    return Optional.of(list);
  }

  private static void resource(ObjectNode resource, Kind kind) {
    resource
        .put("name", kind.plural())
        .put("singularName", kind.singular())
        .put("namespaced", kind.namespaced())
        .put("kind", kind.name());
    ArrayNode verbs = resource.putArray("verbs");
    for (String verb : VERBS) verbs.add(verb);
    ArrayNode shortNames = resource.putArray("shortNames");
    kind.shortNames().forEach(shortNames::add);
    ArrayNode categories = resource.putArray("categories");
    kind.categories().forEach(categories::add);
  }

  private static ObjectNode subresource(ObjectNode resource, Kind kind, String name) {
    resource
        .put("name", kind.plural() + "/" + name)
        .put("singularName", "")
        .put("namespaced", kind.namespaced());
    resource.putArray("verbs").add("get").add("patch").add("update");
    return resource;
  }
}
