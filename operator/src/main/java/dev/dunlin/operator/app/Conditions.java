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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The conditions of an app: what is so, why, and what to do. */
final class Conditions {
  static final String READY = "Ready";
  static final String AVAILABLE = "Available";
  static final String PROGRESSING = "Progressing";
  static final String RESOLVED = "Resolved";
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";

  static List<Condition> of(WasmAppState state, WasmAppPlan plan) {
    return Stream.of(
            ofWorkload(state, plan).stream(),
            plan.scaling().condition().stream(),
            plan.routing().condition().stream())
        .flatMap(conditions -> conditions)
        .toList();
  }

  private static List<Condition> ofWorkload(WasmAppState state, WasmAppPlan plan) {
    return switch (state.spec().workload()) {
      case HttpWorkload _ -> replicas(state, plan);
      case WorkerWorkload _ -> replicas(state, plan);
      case JobWorkload job -> JobConditions.of(state, plan, job);
      case CronWorkload _ -> List.of(); // dev.dunlin.operator.cron says its own
    };
  }

  private static List<Condition> replicas(WasmAppState state, WasmAppPlan plan) {
    var conditions = new ArrayList<Condition>();
    var serving = Trial.of(state).map(Trial::stable).orElse(state);
    conditions.add(ready(serving, plan));
    conditions.add(available(serving));
    conditions.add(progressing(state, plan));
    conditions.add(resolved(state));
    return conditions;
  }

  private static Condition ready(WasmAppState state, WasmAppPlan plan) {
    int wanted = state.replicas();
    var alive = state.alive();
    int ready = (int) alive.stream().filter(state::isReady).count();
    if (plan.nameTaken())
      return condition(READY, FALSE, Reasons.SERVICE_NAME_TAKEN, nameTaken(state));
    if (state.lacksPort()) return condition(READY, FALSE, Reasons.NO_PORT_LEFT, NO_PORT);
    if (wanted == 0)
      return condition(READY, TRUE, Reasons.SCALED_TO_ZERO, "The app is off: replicas is 0.");
    if (ready >= wanted && state.isAtZero())
      return condition(READY, TRUE, Reasons.SCALED_TO_ZERO, STANDS_BY);
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

  /** As a Deployment's. */
  private static Condition available(WasmAppState state) {
    long available = state.alive().stream().filter(state::isAvailable).count();
    var wanted = Wanted.of(state.spec(), false, true, false);
    int least = wanted.recreate() ? wanted.replicas() : wanted.minAvailable();
    boolean enough = available >= least;
    return condition(
        AVAILABLE,
        enough ? TRUE : FALSE,
        enough ? Reasons.MINIMUM_AVAILABLE : Reasons.MINIMUM_UNAVAILABLE,
        "%d instances are available, at least %d have to be.".formatted(available, least));
  }

  private static Condition progressing(WasmAppState state, WasmAppPlan plan) {
    if (state.lacksPort()) return condition(PROGRESSING, FALSE, Reasons.NO_PORT_LEFT, NO_PORT);
    var hold = state.target().hold();
    var trial = Trial.of(state);
    if (hold == Target.Hold.PAUSED)
      return condition(
          PROGRESSING,
          UNKNOWN,
          Reasons.PAUSED,
          PAUSED + trial.map(it -> " " + TrialWords.of(it, state)).orElse(""));
    if (hold == Target.Hold.NO_SUCH_REVISION)
      return condition(PROGRESSING, FALSE, Reasons.REVISION_NOT_FOUND, noSuchRevision(state));
    var progress = Progress.of(state);
    if (trial.isPresent()) return TrialWords.progressing(trial.get(), state, plan, progress);
    if (progress.complete())
      return condition(
          PROGRESSING,
          TRUE,
          Reasons.ROLLED_OUT,
          "Revision %s is rolled out.".formatted(state.template()) + withoutPlace(plan));
    int wanted = state.replicas();
    var current = state.alive().stream().filter(state::isCurrent).toList();
    long available = current.stream().filter(state::isAvailable).count();
    String count =
        "%d of %d instances of revision %s are %s"
            .formatted(
                Math.min(available, wanted),
                wanted,
                state.template(),
                state.spec().minReadySeconds() == 0 ? "ready" : "available");
    var obstacle = obstacle(state, plan, current);
    String message = obstacle.map(o -> count + ": " + o.message()).orElse(count + ".");
    return onTheWay(state, progress, obstacle, message);
  }

  static Condition onTheWay(
      WasmAppState state, Progress progress, Optional<Obstacle> obstacle, String message) {
    if (progress.isOverdue(state))
      return condition(
          PROGRESSING,
          FALSE,
          Reasons.PROGRESS_DEADLINE_EXCEEDED,
          "No progress for %d s: %s".formatted(state.spec().progressDeadlineSeconds(), message));
    return obstacle
        .map(o -> condition(PROGRESSING, FALSE, o.reason(), message))
        .orElseGet(() -> condition(PROGRESSING, TRUE, Reasons.ROLLING_OUT, message));
  }

  /** Instances to replace what was lost, or has to leave its node and stays until then. */
  private static String withoutPlace(WasmAppPlan plan) {
    var placement = plan.placement();
    return placement.missing() == 0
        ? ""
        : " %d more found no place: %s".formatted(placement.missing(), placement.why());
  }

  private static String noSuchRevision(WasmAppState state) {
    var pin = state.spec().rollbackTo();
    String numbers = state.history().numbers();
    return "spec.rollbackTo asks for revision %d, and %s. What runs is kept."
        .formatted(
            pin == null ? 0 : pin.revision(),
            numbers.isEmpty() ? "none is kept" : "there are " + numbers);
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
    if (state.target().hold() == Target.Hold.NO_SUCH_REVISION)
      return Optional.of(new Obstacle(Reasons.REVISION_NOT_FOUND, noSuchRevision(state)));
    if (state.target().hold() == Target.Hold.PAUSED && instances.isEmpty())
      return Optional.of(new Obstacle(Reasons.PAUSED, PAUSED));
    if (state.image() instanceof Resolution.Unresolved it)
      return Optional.of(new Obstacle(it.reason(), it.message()));
    var fault = Fault.first(instances);
    if (fault.isPresent()) return fault.map(it -> new Obstacle(it.reason(), it.sentence()));
    if (plan.placement().missing() > 0)
      return Optional.of(new Obstacle(plan.placement().reason(), plan.placement().why()));
    return Optional.empty();
  }

  private static final String PAUSED =
      "The app is paused: what runs is kept, and nothing new is rolled out.";

  private static final String STANDS_BY =
      "Nobody asks for the app: one idle instance stands by, and the next request wakes it.";

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
