package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.List;

/** The patches that say what to change: JSON patch, merge patch, strategic merge patch. Pure. */
final class Patches {
  static ObjectNode json(ObjectNode live, JsonNode operations) {
    try {
      if (JsonPatch.apply(operations, live) instanceof ObjectNode patched) return patched;
      throw ApiError.badRequest("the patch does not leave an object");
    } catch (io.fabric8.zjsonpatch.JsonPatchException refused) {
      throw ApiError.badRequest("the JSON patch does not apply: " + refused.getMessage());
    }
  }

  /** RFC 7396. */
  static ObjectNode merge(ObjectNode live, ObjectNode patch) {
    ObjectNode merged = live.deepCopy();
    for (var field : patch.properties()) {
      String name = field.getKey();
      if (field.getValue().isNull()) {
        merged.remove(name);
      } else if (field.getValue() instanceof ObjectNode fields) {
        merged.set(
            name,
            merge(merged.get(name) instanceof ObjectNode there ? there : Json.object(), fields));
      } else {
        merged.set(name, field.getValue().deepCopy());
      }
    }
    return merged;
  }

  /** A merge patch whose keyed lists merge by their keys; {@code $patch: delete} takes one out. */
  static ObjectNode strategic(ObjectNode live, ObjectNode patch, Shape shape) {
    ObjectNode merged = live.deepCopy();
    for (var field : patch.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith("$")) continue;
      if (value.isNull()) {
        merged.remove(name);
      } else if (value instanceof ObjectNode fields) {
        ObjectNode there = merged.get(name) instanceof ObjectNode object ? object : Json.object();
        merged.set(name, strategic(there, fields, shape.field(name)));
      } else if (value instanceof ArrayNode items) {
        merged.set(name, strategicList(merged.path(name), items, shape.field(name)));
      } else {
        merged.set(name, value);
      }
    }
    return merged;
  }

  private static ArrayNode strategicList(JsonNode live, ArrayNode patch, Shape shape) {
    if (shape.keys().isEmpty()) return shape.isSet() ? union(live, patch) : patch.deepCopy();
    var items = new ArrayList<JsonNode>();
    live.forEach(items::add);
    for (JsonNode change : patch) {
      JsonNode key = shape.keyOf(change);
      int at = indexOf(items, key, shape);
      boolean delete = change.path("$patch").asText().equals("delete");
      if (delete && at >= 0) items.remove(at);
      if (delete || !(change instanceof ObjectNode fields)) continue;
      JsonNode there = at >= 0 ? items.get(at) : Json.object();
      JsonNode changed = strategic((ObjectNode) there, fields, shape.item());
      if (at >= 0) items.set(at, changed);
      else items.add(changed);
    }
    return Json.array().addAll(items);
  }

  private static ArrayNode union(JsonNode live, ArrayNode patch) {
    var items = new ArrayList<JsonNode>();
    live.forEach(items::add);
    for (JsonNode item : patch) if (!items.contains(item)) items.add(item);
    return Json.array().addAll(items);
  }

  private static int indexOf(List<JsonNode> items, JsonNode key, Shape shape) {
    for (int at = 0; at < items.size(); at++) {
      if (shape.keyOf(items.get(at)).equals(key)) return at;
    }
    return -1;
  }

  private Patches() {}
}
