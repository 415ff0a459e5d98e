package dev.dunlin.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A spec with the template of an earlier revision in it; pure. */
final class Undo {
  /** What is no part of a template (docs/rollouts.md) stays as it is. */
  private static final List<String> KEPT =
      List.of(
          "replicas",
          "strategy",
          "minReadySeconds",
          "progressDeadlineSeconds",
          "revisionHistoryLimit",
          "paused",
          "restartOnConfigChange",
          "autoscaling",
          "disruption");

  private Undo() {}

  /** The present spec as it becomes; a pin ({@code rollbackTo}) goes. */
  static ObjectNode of(JsonNode present, JsonNode template) {
    ObjectNode spec = template.deepCopy();
    KEPT.forEach(spec::remove);
    for (String field : KEPT) {
      if (present.has(field)) {
        spec.set(field, present.get(field));
      }
    }
    spec.remove("rollbackTo");
    JsonNode route = present.path("http").path("route");
    boolean http = !spec.has("worker") && !spec.has("job") && !spec.has("cron");
    if (!route.isMissingNode() && http) {
      spec.withObject("/http").set("route", route);
    }
    return spec;
  }
}
