package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who owns which field of an object: its {@code metadata.managedFields}. */
final class ManagedFields {
  static final String APPLY = "Apply";
  static final String UPDATE = "Update";

  /** One writer; the same program counts twice when it both applies and updates. */
  record Manager(String name, String operation, String apiVersion, String subresource) {}

  private final Map<Manager, FieldSet> owned = new LinkedHashMap<>();
  private final Map<Manager, String> times = new LinkedHashMap<>();

  static ManagedFields of(@Nullable JsonNode object) {
    var fields = new ManagedFields();
    if (object == null) return fields;
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      var manager =
          new Manager(
              entry.path("manager").asText(),
              entry.path("operation").asText(),
              entry.path("apiVersion").asText(),
              entry.path("subresource").asText());
      fields.owned.put(manager, FieldSet.parse(entry.path("fieldsV1")));
      fields.times.put(manager, entry.path("time").asText());
    }
    return fields;
  }

  FieldSet of(Manager manager) {
    return owned.getOrDefault(manager, FieldSet.EMPTY);
  }

  /** What each other writer owns. */
  Map<Manager, FieldSet> others(Manager manager) {
    var others = new LinkedHashMap<>(owned);
    others.remove(manager);
    return others;
  }

  /** An update makes its writer the only owner of what it changed. */
  void update(Manager manager, FieldSet changed, FieldSet present, String now) {
    others(manager)
        .forEach((other, set) -> set(other, set.without(changed.paths()).within(present), now));
    set(manager, of(manager).with(changed).within(present), now);
  }

  /** An applier owns exactly what it applied; others lose what it took by force. */
  void apply(Manager manager, FieldSet applied, FieldSet taken, FieldSet present, String now) {
    others(manager)
        .forEach((other, set) -> set(other, set.without(taken.paths()).within(present), now));
    set(manager, applied, now);
  }

  private void set(Manager manager, FieldSet fields, String now) {
    if (fields.equals(owned.get(manager))) return;
    if (fields.paths().isEmpty()) {
      owned.remove(manager);
      times.remove(manager);
    } else {
      owned.put(manager, fields);
      times.put(manager, now);
    }
  }

  void writeTo(ObjectNode object) {
    ArrayNode entries = Json.array();
    owned.forEach((manager, fields) -> {
      ObjectNode entry = entries.addObject();
      entry.put("manager", manager.name());
      entry.put("operation", manager.operation());
      entry.put("apiVersion", manager.apiVersion());
      entry.put("time", times.get(manager));
      entry.put("fieldsType", "FieldsV1");
      entry.set("fieldsV1", fields.fieldsV1());
      if (!manager.subresource().isEmpty()) entry.put("subresource", manager.subresource());
    });
    Meta.of(object).set("managedFields", entries);
  }
}
