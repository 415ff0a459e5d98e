package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the lists of a kind are merged: by keys, as sets or (the usual) as one value. Custom kinds
 * say so in their schema; of the built-in ones only the lists that more than one program writes are
 * known here.
 */
record Shape(String path, JsonNode schema) {
  private static final String SET = "";
  private static final Map<String, List<String>> KNOWN =
      Map.ofEntries(
          Map.entry(".metadata.ownerReferences", List.of("uid")),
          Map.entry(".metadata.finalizers", List.of(SET)),
          Map.entry("Service.spec.ports", List.of("port", "protocol")),
          Map.entry("Service.status.conditions", List.of("type")),
          Map.entry("Pod.spec.containers", List.of("name")),
          Map.entry("Pod.status.conditions", List.of("type")),
          Map.entry("Node.status.conditions", List.of("type")),
          Map.entry("ServiceAccount.secrets", List.of("name")),
          Map.entry("ServiceAccount.imagePullSecrets", List.of("name")));

  static Shape of(Kind kind) {
    return new Shape(kind.isCustom() ? "" : kind.name(), kind.schema());
  }

  Shape field(String name) {
    JsonNode properties = schema.path("properties");
    JsonNode field =
        properties.has(name) ? properties.path(name) : schema.path("additionalProperties");
    String parent = name.equals("metadata") ? "" : path;
    return new Shape(parent + "." + name, field);
  }

  Shape item() {
    return new Shape(path + "[]", schema.path("items"));
  }

  boolean isSet() {
    return KNOWN.getOrDefault(path, List.of()).contains(SET)
        || schema.path("x-kubernetes-list-type").asText().equals("set");
  }

  /** The fields that tell a list's items apart; none where the list is one value. */
  List<String> keys() {
    List<String> known = KNOWN.get(path);
    if (known != null) return isSet() ? List.of() : known;
    if (!schema.path("x-kubernetes-list-type").asText().equals("map")) return List.of();
    var keys = new ArrayList<String>();
    schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  /** An item's keys and their values, with the schema's defaults for those left out. */
  JsonNode keyOf(JsonNode item) {
    var key = Json.object();
    for (String name : keys()) {
      JsonNode value = item.path(name);
      if (value.isMissingNode()) value = item().field(name).schema.path("default");
      if (value.isMissingNode() && name.equals("protocol")) value = Json.object().textNode("TCP");
      if (!value.isMissingNode()) key.set(name, value);
    }
    return key.isEmpty() ? MissingNode.getInstance() : key;
  }
}
