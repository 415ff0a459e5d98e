package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A custom kind's structural schema at work: unknown fields go, defaults come, and what does not
 * fit is refused. CEL rules are not evaluated: those need a real API server.
 */
final class Schema {
  static void fit(Kind kind, ObjectNode object) {
    for (var property : kind.schema().path("properties").properties()) {
      String name = property.getKey();
      if (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata")) continue;
      if (object.has(name)) fit(object.get(name), property.getValue());
    }
    var faults = new ArrayList<String>();
    check(object, kind.schema(), "", faults);
    if (!faults.isEmpty()) {
      throw ApiError.invalid(kind, Meta.name(object), String.join(", ", faults));
    }
  }

  private static void fit(JsonNode value, JsonNode schema) {
    switch (value) {
      case ObjectNode object -> fitObject(object, schema);
      case ArrayNode items -> items.forEach(item -> fit(item, schema.path("items")));
      default -> {}
    }
  }

  private static void fitObject(ObjectNode object, JsonNode schema) {
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    boolean open =
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
            || others.asBoolean()
            || others.isObject();
    if (!open) {
      object.retain(properties.properties().stream().map(java.util.Map.Entry::getKey).toList());
    }
    properties
        .properties()
        .forEach(property -> {
          JsonNode fallback = property.getValue().path("default");
          JsonNode now = object.get(property.getKey());
          boolean absent =
              now == null || (now.isNull() && !property.getValue().path("nullable").asBoolean());
          if (now != null && absent) object.remove(property.getKey());
          if (absent && !fallback.isMissingNode())
            object.set(property.getKey(), fallback.deepCopy());
        });
    for (var field : object.properties()) {
      fit(
          field.getValue(),
          properties.has(field.getKey()) ? properties.path(field.getKey()) : others);
    }
  }

  private static void check(JsonNode value, JsonNode schema, String path, List<String> faults) {
    String type = schema.path("type").asText();
    boolean anyway = schema.path("x-kubernetes-int-or-string").asBoolean() || type.isEmpty();
    if (!anyway && !hasType(value, type)) {
      faults.add(
          path
              + ": Invalid value: "
              + value
              + ": must be of type "
              + type
              + ", found "
              + value.getNodeType());
      return;
    }
    switch (value) {
      case ObjectNode object -> {
        for (JsonNode required : schema.path("required")) {
          if (!object.has(required.asText()))
            faults.add(path + "." + required.asText() + ": Required value");
        }
        JsonNode properties = schema.path("properties");
        for (var field : object.properties()) {
          if (path.isEmpty() && field.getKey().equals("metadata")) continue;
          JsonNode inner =
              properties.has(field.getKey())
                  ? properties.path(field.getKey())
                  : schema.path("additionalProperties");
          check(field.getValue(), inner, path + "." + field.getKey(), faults);
        }
      }
      case ArrayNode items -> {
        for (int at = 0; at < items.size(); at++) {
          check(items.get(at), schema.path("items"), path + "[" + at + "]", faults);
        }
      }
      default -> checkScalar(value, schema, path, faults);
    }
  }

  private static void checkScalar(
      JsonNode value, JsonNode schema, String path, List<String> faults) {
    JsonNode allowed = schema.path("enum");
    boolean listed = !allowed.isArray();
    for (JsonNode each : allowed) listed |= each.equals(value);
    if (!listed)
      faults.add(path + ": Unsupported value: " + value + ": supported values: " + allowed);
    String text = value.asText();
    if (value.isTextual()) {
      if (schema.has("pattern")
          && !Pattern.compile(schema.path("pattern").asText()).matcher(text).find()) {
        faults.add(
            path
                + ": Invalid value: "
                + value
                + ": should match '"
                + schema.path("pattern").asText()
                + "'");
      }
      if (text.length() < schema.path("minLength").asInt(0)) {
        faults.add(
            path
                + ": Invalid value: "
                + value
                + ": should be at least "
                + schema.path("minLength")
                + " chars long");
      }
      if (text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
        faults.add(
            path + ": Too long: may not be more than " + schema.path("maxLength") + " bytes");
      }
    }
    if (value.isNumber()) {
      if (schema.has("minimum") && value.asDouble() < schema.path("minimum").asDouble()) {
        faults.add(
            path
                + ": Invalid value: "
                + value
                + ": should be greater than or equal to "
                + schema.path("minimum").asLong());
      }
      if (schema.has("maximum") && value.asDouble() > schema.path("maximum").asDouble()) {
        faults.add(
            path
                + ": Invalid value: "
                + value
                + ": should be less than or equal to "
                + schema.path("maximum").asLong());
      }
    }
  }

  private static boolean hasType(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber() || (value.isNumber() && value.asDouble() % 1 == 0);
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private Schema() {}
}
