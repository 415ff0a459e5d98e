package dev.dunlin.operator.event;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What makes two Events the same. */
record EventKey(
    String kind,
    String namespace,
    String name,
    String uid,
    String type,
    String reason,
    String message) {

  /** The same Event has the same name, so that a restarted operator goes on counting. */
  String eventName() {
    var hash = UUID.nameUUIDFromBytes(toString().getBytes(StandardCharsets.UTF_8));
    return name + "." + hash.toString().replace("-", "").substring(0, 16);
  }
}
