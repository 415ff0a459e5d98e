package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events are kept once and served twice: as {@code v1} and as {@code events.k8s.io/v1}, which name
 * the same fields differently.
 */
final class Events {
  private static final Map<String, String> OLD_NAMES = new LinkedHashMap<>();

  static {
    OLD_NAMES.put("regarding", "involvedObject");
    OLD_NAMES.put("note", "message");
    OLD_NAMES.put("reportingController", "reportingComponent");
    OLD_NAMES.put("deprecatedSource", "source");
    OLD_NAMES.put("deprecatedFirstTimestamp", "firstTimestamp");
    OLD_NAMES.put("deprecatedLastTimestamp", "lastTimestamp");
    OLD_NAMES.put("deprecatedCount", "count");
  }

  /** As it is kept: with the names of {@code v1}. */
  static ObjectNode stored(Kind kind, ObjectNode object) {
    if (!isNewEvent(kind)) return object;
    ObjectNode event = object.deepCopy();
    OLD_NAMES.forEach((now, old) -> rename(event, now, old));
    return event.put("apiVersion", "v1");
  }

  /** As that kind serves it. */
  static ObjectNode served(Kind kind, ObjectNode object) {
    if (!isNewEvent(kind)) return object;
    ObjectNode event = object.deepCopy();
    OLD_NAMES.forEach((now, old) -> rename(event, old, now));
    return event.put("apiVersion", kind.apiVersion());
  }

  private static boolean isNewEvent(Kind kind) {
    return kind.group().equals(BuiltInKinds.EVENTS_GROUP);
  }

  private static void rename(ObjectNode event, String from, String to) {
    if (event.has(from)) event.set(to, event.remove(from));
  }

  private Events() {}
}
