package dev.dunlin.e2e.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dunlin.e2e.mock.Kind.ScalePaths;

/** The {@code /scale} subresource: {@code autoscaling/v1 Scale} to and from an object. Pure. */
final class Scales {
  static ObjectNode of(ScalePaths paths, ObjectNode object) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      if (object.path("metadata").has(field))
        metadata.set(field, object.path("metadata").get(field));
    }
    scale
        .putObject("spec")
        .put("replicas", object.at(JsonPath.pointer(paths.specReplicas())).asInt(0));
    ObjectNode status = scale.putObject("status");
    status.put("replicas", object.at(JsonPath.pointer(paths.statusReplicas())).asInt(0));
    String selector = paths.selector();
    if (selector != null) status.put("selector", object.at(JsonPath.pointer(selector)).asText(""));
    return scale;
  }

  /** The object with the replicas that a Scale asks for. */
  static ObjectNode apply(Kind kind, ScalePaths paths, ObjectNode object, ObjectNode scale) {
    var replicas = scale.path("spec").path("replicas");
    if (!replicas.isIntegralNumber() || replicas.asInt() < 0) {
      throw ApiError.invalid(
          kind,
          Meta.name(object),
          "spec.replicas: Invalid value: " + replicas + ": should be a non-negative integer");
    }
    ObjectNode scaled = object.deepCopy();
    String version = Meta.resourceVersion(scale);
    if (!version.isEmpty()) Meta.of(scaled).put("resourceVersion", version);
    String[] steps = paths.specReplicas().substring(1).split("\\.", -1);
    ObjectNode at = scaled;
    for (int step = 0; step < steps.length - 1; step++) at = Json.child(at, steps[step]);
    at.set(steps[steps.length - 1], replicas);
    return scaled;
  }

  private Scales() {}
}
