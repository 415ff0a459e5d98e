package dev.dunlin.operator.app;

import static dev.dunlin.api.v1alpha1.Condition.FALSE;
import static dev.dunlin.api.v1alpha1.Condition.TRUE;
import static dev.dunlin.api.v1alpha1.Condition.UNKNOWN;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of an app: what is so, why, and what to do. */
final class Conditions {
  static final String READY = "Ready";
  static final String PROGRESSING = "Progressing";
  static final String RESOLVED = "Resolved";
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";

  static List<Condition> of(WasmAppState state, WasmAppPlan plan) {
    return switch (state.spec().workload()) {
      case HttpWorkload _ -> replicas(state, plan);
      case WorkerWorkload _ -> replicas(state, plan);
      case JobWorkload job -> JobConditions.of(state, plan, job);
      case CronWorkload _ -> cron();
    };
  }

  private static List<Condition> cron() {
    String message =
        "Schedules are checked but not run by this version. Use a job, or a Kubernetes CronJob that applies one.";
    return List.of(
        condition(READY, FALSE, Reasons.CRON_NOT_SUPPORTED, message),
        condition(PROGRESSING, FALSE, Reasons.CRON_NOT_SUPPORTED, message));
  }

  private static List<Condition> replicas(WasmAppState state, WasmAppPlan plan) {
    var conditions = new ArrayList<Condition>();
    conditions.add(ready(state, plan));
    conditions.add(progressing(state, plan));
    conditions.add(resolved(state));
    return conditions;
  }

  private static Condition ready(WasmAppState state, WasmAppPlan plan) {
    int wanted = state.spec().replicas();
    var alive = state.alive();
    int ready = (int) alive.stream().filter(state::isAvailable).count();
    if (plan.nameTaken())
      return condition(READY, FALSE, Reasons.SERVICE_NAME_TAKEN, nameTaken(state));
    if (state.lacksPort()) return condition(READY, FALSE, Reasons.NO_PORT_LEFT, NO_PORT);
    if (wanted == 0)
      return condition(READY, TRUE, Reasons.SCALED_TO_ZERO, "The app is off: replicas is 0.");
    if (ready >= wanted)
      return condition(
          READY,
          TRUE,
          Reasons.ALL_READY,
          "%d of %d instances are ready.".formatted(Math.min(ready, wanted), wanted));
    var obstacle = obstacle(state, plan, alive);
    String count = "%d of %d instances are not ready".formatted(wanted - ready, wanted);
    return condition(
        READY,
        FALSE,
        obstacle.map(Obstacle::reason).orElse(Reasons.NOT_ALL_READY),
        obstacle.map(o -> count + ": " + o.message()).orElse(count + "."));
  }

  private static Condition progressing(WasmAppState state, WasmAppPlan plan) {
    if (state.lacksPort()) return condition(PROGRESSING, FALSE, Reasons.NO_PORT_LEFT, NO_PORT);
    var alive = state.alive();
    var current = alive.stream().filter(state::isCurrent).toList();
    int wanted = state.spec().replicas();
    long ready = current.stream().filter(state::isAvailable).count();
    boolean resolved = state.image() instanceof Resolution.Resolved;
    if (resolved && ready >= wanted && current.size() == alive.size())
      return condition(
          PROGRESSING,
          TRUE,
          Reasons.ROLLED_OUT,
          "Revision %s is rolled out.".formatted(state.revision()));
    String count =
        "%d of %d instances of revision %s are ready"
            .formatted(Math.min(ready, wanted), wanted, state.revision());
    return obstacle(state, plan, current)
        .map(o -> condition(PROGRESSING, FALSE, o.reason(), count + ": " + o.message()))
        .orElseGet(() -> condition(PROGRESSING, TRUE, Reasons.ROLLING_OUT, count + "."));
  }

  static Condition resolved(WasmAppState state) {
    String image = state.spec().image();
    return switch (state.image()) {
      case Resolution.Resolving _ ->
          condition(
              RESOLVED, UNKNOWN, Reasons.IMAGE_RESOLVING, "Asking the registry for " + image + ".");
      case Resolution.Resolved it ->
          condition(RESOLVED, TRUE, Reasons.IMAGE_RESOLVED, image + " is " + it.image() + ".");
      case Resolution.Unresolved it -> condition(RESOLVED, FALSE, it.reason(), it.message());
    };
  }

  /** A reason why the app gets no further by itself, and its words. */
  record Obstacle(String reason, String message) {}

  static Optional<Obstacle> obstacle(
      WasmAppState state, WasmAppPlan plan, List<Instance> instances) {
    if (state.image() instanceof Resolution.Unresolved it)
      return Optional.of(new Obstacle(it.reason(), it.message()));
    var fault = Fault.first(instances);
    if (fault.isPresent()) return fault.map(it -> new Obstacle(it.reason(), it.sentence()));
    if (plan.placement().missing() > 0) return Optional.of(nowhere(plan.placement()));
    return Optional.empty();
  }

  private static Obstacle nowhere(Placement placement) {
    if (placement.lacking().isEmpty()) return new Obstacle(Reasons.UNSCHEDULABLE, placement.why());
    String advice =
        placement.lacking().contains("component")
            ? " Run an agent with the native engine, or build the module for WASI preview 1."
            : " Run an agent whose engine has it.";
    return new Obstacle(Reasons.NO_NODE_WITH_FEATURES, placement.why() + advice);
  }

  private static final String NO_PORT =
      "All ports of the operator's --app-ports are given to other apps. Delete some, or widen the range.";

  private static String nameTaken(WasmAppState state) {
    return "A Service or EndpointSlice named %s exists in namespace %s and was not made for this app. Delete it, or give the app another name."
        .formatted(state.app().getMetadata().getName(), state.app().getMetadata().getNamespace());
  }

  static Condition condition(String type, String status, String reason, String message) {
    return new Condition(type, status, reason, message, null, null);
  }

  private Conditions() {}
}
