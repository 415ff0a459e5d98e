package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.mock.ManagedFields.Manager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Server-side apply: what an object becomes when one writer says what it wants of it. Pure. */
final class ServerSideApply {
  /**
   * The object with what was applied merged in, without what this writer applied before and now
   * leaves out, and with its managed fields written.
   */
  static ObjectNode apply(
      ObjectNode live,
      ObjectNode applied,
      Shape shape,
      Manager manager,
      boolean force,
      String now) {
    ManagedFields owners = ManagedFields.of(live);
    FieldSet wanted = FieldSet.of(applied, shape);
    FieldSet contested = contested(live, applied, wanted, owners, manager);
    if (!force && !contested.paths().isEmpty()) throw conflict(contested, owners, manager);

    ObjectNode merged = merge(live, applied, shape);
    FieldSet othersOwn =
        owners.others(manager).values().stream().reduce(FieldSet.EMPTY, FieldSet::with);
    FieldSet dropped = owners.of(manager).without(wanted.paths()).without(othersOwn.paths());
    itemsFirst(dropped).forEach(path -> remove(merged, path, othersOwn));

    owners.apply(manager, wanted, contested, FieldSet.of(merged, shape), now);
    owners.writeTo(merged);
    return merged;
  }

  private static FieldSet contested(
      ObjectNode live, ObjectNode applied, FieldSet wanted, ManagedFields owners, Manager manager) {
    FieldSet changed = wanted.differing(live, applied);
    FieldSet contested = FieldSet.EMPTY;
    for (FieldSet theirs : owners.others(manager).values()) {
      contested = contested.with(changed.within(theirs));
    }
    return contested;
  }

  private static ApiError conflict(FieldSet contested, ManagedFields owners, Manager manager) {
    String who =
        owners.others(manager).entrySet().stream()
            .filter(other -> !other.getValue().within(contested).paths().isEmpty())
            .map(other ->
                "conflict with \""
                    + other.getKey().name()
                    + "\": "
                    + String.join(", ", names(other.getValue().within(contested))))
            .collect(Collectors.joining("; "));
    return ApiError.applyConflict(
        "Apply failed with " + contested.paths().size() + " conflict(s): " + who);
  }

  private static List<String> names(FieldSet fields) {
    return fields.paths().stream()
        .map(path ->
            path.stream()
                .filter(step -> !step.equals("."))
                .map(step ->
                    step.startsWith("f:") ? "." + step.substring(2) : "[" + step.substring(2) + "]")
                .collect(Collectors.joining()))
        .sorted()
        .toList();
  }

  /** A copy of {@code live} with what was applied put over it, lists as their shape says. */
  static ObjectNode merge(ObjectNode live, ObjectNode applied, Shape shape) {
    ObjectNode merged = live.deepCopy();
    for (var field : applied.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (value.isNull()) continue;
      merged.set(name, mergeValue(merged.path(name), value, shape.field(name)));
    }
    return merged;
  }

  private static JsonNode mergeValue(JsonNode live, JsonNode applied, Shape shape) {
    if (applied instanceof ObjectNode object) {
      return merge(live instanceof ObjectNode there ? there : Json.object(), object, shape);
    }
    if (applied instanceof ArrayNode items && live instanceof ArrayNode there) {
      if (!shape.keys().isEmpty()) return mergeKeyed(there, items, shape);
      if (shape.isSet()) return union(there, items);
    }
    return applied.deepCopy();
  }

  private static ArrayNode mergeKeyed(ArrayNode live, ArrayNode applied, Shape shape) {
    ArrayNode merged = live.deepCopy();
    for (JsonNode item : applied) {
      JsonNode key = shape.keyOf(item);
      int at = 0;
      while (at < merged.size() && !shape.keyOf(merged.get(at)).equals(key)) at++;
      if (at == merged.size()) merged.add(item.deepCopy());
      else merged.set(at, mergeValue(merged.get(at), item, shape.item()));
    }
    return merged;
  }

  private static ArrayNode union(ArrayNode live, ArrayNode applied) {
    ArrayNode union = live.deepCopy();
    for (JsonNode item : applied) {
      boolean there = false;
      for (JsonNode have : union) there |= have.equals(item);
      if (!there) union.add(item);
    }
    return union;
  }

  /** Whole items before their fields, for without its keys an item is not found any more. */
  private static List<List<String>> itemsFirst(FieldSet fields) {
    return fields.paths().stream()
        .sorted(
            Comparator.comparing((List<String> path) -> !path.getLast().equals("."))
                .thenComparing(
                    Comparator.comparingInt((List<String> path) -> path.size()).reversed()))
        .toList();
  }

  /** Removes what is at that path, then the parents that this leaves empty. */
  private static void remove(ObjectNode object, List<String> path, FieldSet othersOwn) {
    boolean wholeItem = path.getLast().equals(".");
    List<String> target = wholeItem ? path.subList(0, path.size() - 1) : path;
    boolean shared = othersOwn.paths().stream().anyMatch(other -> startsWith(other, target));
    if (shared || isKeyOfItem(target)) return;
    var parents = new ArrayList<JsonNode>(List.of(object));
    for (String step : target.subList(0, target.size() - 1)) {
      JsonNode parent = parents.getLast();
      parents.add(
          step.startsWith("f:") ? parent.path(step.substring(2)) : FieldSet.itemOf(parent, step));
    }
    for (int depth = target.size() - 1; depth >= 0; depth--) {
      detach(parents.get(depth), target.get(depth));
      if (depth == 0 || !parents.get(depth).isEmpty()) return;
    }
  }

  /** A key goes with its item or not at all. */
  private static boolean isKeyOfItem(List<String> path) {
    if (path.size() < 2 || !path.get(path.size() - 2).startsWith("k:")) return false;
    return Json.parse(path.get(path.size() - 2).substring(2)).has(path.getLast().substring(2));
  }

  private static void detach(JsonNode parent, String step) {
    if (parent instanceof ObjectNode fields && step.startsWith("f:"))
      fields.remove(step.substring(2));
    if (parent instanceof ArrayNode items) {
      JsonNode gone = FieldSet.itemOf(items, step);
      for (int at = items.size() - 1; at >= 0; at--)
        if (items.get(at).equals(gone)) items.remove(at);
    }
  }

  private static boolean startsWith(List<String> path, List<String> prefix) {
    return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
  }

  private ServerSideApply() {}
}
