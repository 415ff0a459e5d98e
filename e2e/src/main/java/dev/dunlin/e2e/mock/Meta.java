package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object's metadata. */
final class Meta {
  static ObjectNode of(ObjectNode object) {
    return Json.child(object, "metadata");
  }

  static String name(JsonNode object) {
    return text(object, "name");
  }

  static String namespace(JsonNode object) {
    return text(object, "namespace");
  }

  static String uid(JsonNode object) {
    return text(object, "uid");
  }

  static String resourceVersion(JsonNode object) {
    return text(object, "resourceVersion");
  }

  static boolean isTerminating(JsonNode object) {
    return !text(object, "deletionTimestamp").isEmpty();
  }

  static List<String> finalizers(JsonNode object) {
    var finalizers = new ArrayList<String>();
    object.path("metadata").path("finalizers").forEach(each -> finalizers.add(each.asText()));
    return finalizers;
  }

  static List<String> ownerUids(JsonNode object) {
    var uids = new ArrayList<String>();
    object
        .path("metadata")
        .path("ownerReferences")
        .forEach(owner -> uids.add(owner.path("uid").asText()));
    return uids;
  }

  static Map<String, String> labels(JsonNode object) {
    var labels = new LinkedHashMap<String, String>();
    object
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  private Meta() {}
}
