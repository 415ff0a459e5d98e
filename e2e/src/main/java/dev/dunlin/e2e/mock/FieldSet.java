package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Fields as {@code fieldsV1} names them: a path of {@code f:field}, {@code k:{"key":"value"}} for
 * an item of a keyed list, {@code v:value} for an item of a set, and {@code .} for "the item
 * itself".
 */
record FieldSet(Set<List<String>> paths) {
  static final FieldSet EMPTY = new FieldSet(Set.of());

  /** What the server writes itself, or what names the object: owned by nobody. */
  private static final Set<String> NOT_OWNED =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "generateName",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  FieldSet {
    paths = Set.copyOf(paths);
  }

  /** Every field that an object sets. */
  static FieldSet of(JsonNode object, Shape shape) {
    var paths = new LinkedHashSet<List<String>>();
    for (var field : object.properties()) {
      String name = field.getKey();
      if (name.equals("apiVersion") || name.equals("kind")) continue;
      JsonNode value = field.getValue();
      if (name.equals("metadata") && value instanceof ObjectNode metadata) {
        value = metadata.deepCopy().without(NOT_OWNED);
        if (value.isEmpty()) continue;
      }
      collect(value, shape.field(name), List.of("f:" + name), paths);
    }
    return new FieldSet(paths);
  }

  private static void collect(
      JsonNode value, Shape shape, List<String> path, Set<List<String>> paths) {
    if (value.isObject() && !value.isEmpty()) {
      for (var field : value.properties()) {
        collect(
            field.getValue(),
            shape.field(field.getKey()),
            with(path, "f:" + field.getKey()),
            paths);
      }
    } else if (value.isArray() && !shape.keys().isEmpty()) {
      for (JsonNode item : value) {
        List<String> itemPath = with(path, "k:" + shape.keyOf(item));
        paths.add(with(itemPath, "."));
        collect(item, shape.item(), itemPath, paths);
      }
    } else if (value.isArray() && shape.isSet()) {
      value.forEach(item -> paths.add(with(path, "v:" + item)));
    } else {
      paths.add(path);
    }
  }

  /** The value at a path of this form; missing if there is none. */
  static JsonNode valueAt(JsonNode object, List<String> path) {
    JsonNode at = object;
    for (String step : path) {
      if (step.equals(".")) return Json.object().booleanNode(!at.isMissingNode());
      String name = step.substring(2);
      at = step.startsWith("f:") ? at.path(name) : itemOf(at, step);
      if (at.isMissingNode()) return at;
    }
    return at;
  }

  /** The item of a list that {@code k:} or {@code v:} names. */
  static JsonNode itemOf(JsonNode list, String step) {
    JsonNode wanted = Json.parse(step.substring(2));
    for (JsonNode item : list) {
      if (step.startsWith("v:") ? item.equals(wanted) : hasKey(item, wanted)) return item;
    }
    return MissingNode.getInstance();
  }

  private static boolean hasKey(JsonNode item, JsonNode key) {
    return key.properties().stream()
        .allMatch(field ->
            item.path(field.getKey()).equals(field.getValue())
                || (!item.has(field.getKey()) && field.getValue().asText().equals("TCP")));
  }

  FieldSet with(FieldSet others) {
    var union = new LinkedHashSet<>(paths);
    union.addAll(others.paths);
    return new FieldSet(union);
  }

  FieldSet without(Collection<List<String>> others) {
    var rest = new LinkedHashSet<>(paths);
    rest.removeAll(others);
    return new FieldSet(rest);
  }

  /** Those that are among the others. */
  FieldSet within(FieldSet others) {
    var both = new LinkedHashSet<>(paths);
    both.retainAll(others.paths);
    return new FieldSet(both);
  }

  /** Those whose value in one object is not that in the other. */
  FieldSet differing(JsonNode one, JsonNode other) {
    var differing = new LinkedHashSet<List<String>>();
    for (List<String> path : paths) {
      if (!valueAt(one, path).equals(valueAt(other, path))) differing.add(path);
    }
    return new FieldSet(differing);
  }

  static FieldSet parse(JsonNode fieldsV1) {
    var paths = new LinkedHashSet<List<String>>();
    parse(fieldsV1, List.of(), paths);
    return new FieldSet(paths);
  }

  private static void parse(JsonNode node, List<String> path, Set<List<String>> paths) {
    if (node.isEmpty() && !path.isEmpty()) paths.add(path);
    for (var field : node.properties()) {
      parse(field.getValue(), with(path, field.getKey()), paths);
    }
  }

  ObjectNode fieldsV1() {
    ObjectNode root = Json.object();
    for (List<String> path :
        paths.stream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList()) {
      ObjectNode at = root;
      for (String step : path) at = Json.child(at, step);
    }
    return root;
  }

  private static List<String> with(List<String> path, String step) {
    var longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }
}
