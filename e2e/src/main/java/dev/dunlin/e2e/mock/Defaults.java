package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a real server fills into the built-in kinds that our programs write and read back. */
final class Defaults {
  static void fill(Kind kind, ObjectNode object) {
    switch (kind.name()) {
      case "Service" -> service(object);
      case "Secret" -> secret(object);
      case "Namespace" -> {
        Json.child(object, "spec").putArray("finalizers").add("kubernetes");
        ObjectNode labels = Json.child(Meta.of(object), "labels");
        labels.put("kubernetes.io/metadata.name", Meta.name(object));
        String phase = Meta.isTerminating(object) ? "Terminating" : "Active";
        Json.child(object, "status").put("phase", phase);
      }
      case "CustomResourceDefinition" -> established(object);
      default -> {}
    }
  }

  private static void service(ObjectNode service) {
    ObjectNode spec = Json.child(service, "spec");
    if (!spec.has("type")) spec.put("type", "ClusterIP");
    if (!spec.has("sessionAffinity")) spec.put("sessionAffinity", "None");
    if (!spec.has("clusterIP")) {
      int host = Math.floorMod(Meta.uid(service).hashCode(), 250 * 250);
      spec.put("clusterIP", "10.96." + (host / 250 + 1) + "." + (host % 250 + 1));
    }
    for (JsonNode port : spec.path("ports")) {
      if (!(port instanceof ObjectNode fields)) continue;
      if (!port.has("protocol")) fields.put("protocol", "TCP");
      if (!port.has("targetPort")) fields.set("targetPort", port.path("port"));
    }
  }

  private static void secret(ObjectNode secret) {
    if (!secret.has("type")) secret.put("type", "Opaque");
    for (var text : secret.path("stringData").properties()) {
      byte[] bytes = text.getValue().asText().getBytes(StandardCharsets.UTF_8);
      Json.child(secret, "data").put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
    }
    secret.remove("stringData");
  }

  private static void established(ObjectNode definition) {
    ObjectNode spec = Json.child(definition, "spec");
    ObjectNode names = Json.child(spec, "names");
    if (!names.has("singular")) {
      names.put("singular", names.path("kind").asText().toLowerCase(java.util.Locale.ROOT));
    }
    if (!names.has("listKind")) names.put("listKind", names.path("kind").asText() + "List");
    ObjectNode status = Json.child(definition, "status");
    if (status.has("conditions")) return;
    status.set("acceptedNames", names.deepCopy());
    for (String type : new String[] {"NamesAccepted", "Established"}) {
      status
          .withArray("conditions")
          .addObject()
          .put("type", type)
          .put("status", "True")
          .put("reason", "NoConflicts")
          .put("message", "")
          .put(
              "lastTransitionTime", definition.path("metadata").path("creationTimestamp").asText());
    }
    status.putArray("storedVersions").add(spec.path("versions").path(0).path("name").asText());
  }

  private Defaults() {}
}
