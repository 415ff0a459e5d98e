package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.mock.Kind.Column;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} asks for: {@code meta.k8s.io/v1 Table}, by the kind's columns. Pure. */
final class Tables {
  static ObjectNode of(
      Kind kind, List<? extends JsonNode> objects, String resourceVersion, Instant now) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", resourceVersion);
    ArrayNode definitions = table.putArray("columnDefinitions");
    define(definitions, new Column("Name", "string", 0, "")).put("format", "name");
    kind.columns().forEach(column -> define(definitions, column));
    ArrayNode rows = table.putArray("rows");
    for (JsonNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells").add(Meta.name(object));
      kind.columns().forEach(column -> cells.add(cell(column, object, now)));
      ObjectNode partial = row.putObject("object");
      partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
      partial.set("metadata", object.path("metadata"));
    }
    return table;
  }

  private static ObjectNode define(ArrayNode definitions, Column column) {
    return definitions
        .addObject()
        .put("name", column.name())
        .put("type", column.type())
        .put("format", "")
        .put("description", "")
        .put("priority", column.priority());
  }

  private static JsonNode cell(Column column, JsonNode object, Instant now) {
    List<JsonNode> found = JsonPath.find(object, column.jsonPath());
    if (found.isEmpty()) return Json.object().nullNode();
    return switch (column.type()) {
      case "date" -> Json.object().textNode(age(found.getFirst().asText(), now));
      case "string" ->
          Json.object()
              .textNode(
                  found.stream()
                      .map(value -> value.isValueNode() ? value.asText() : value.toString())
                      .collect(Collectors.joining(",")));
      default -> found.getFirst();
    };
  }

  private static String age(String time, Instant now) {
    try {
      return age(Duration.between(Instant.parse(time), now));
    } catch (DateTimeParseException notTime) {
      return "<invalid>";
    }
  }

  /**
   * As kubectl writes a duration: two units at most, the small one only while it tells something.
   */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) return seconds + "s";
    long minutes = seconds / 60;
    if (minutes < 10) return two(minutes, "m", seconds % 60, "s");
    if (minutes < 180) return minutes + "m";
    long hours = minutes / 60;
    if (hours < 8) return two(hours, "h", minutes % 60, "m");
    if (hours < 48) return hours + "h";
    long days = hours / 24;
    return days < 8 ? two(days, "d", hours % 24, "h") : days + "d";
  }

  private static String two(long big, String bigUnit, long small, String smallUnit) {
    return small == 0 ? big + bigUnit : big + bigUnit + small + smallUnit;
  }

  private Tables() {}
}
