package dev.dunlin.operator.app;

import static java.util.stream.Collectors.toSet;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.api.v1alpha1.WorkerWorkload;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.route.Routing;
import dev.dunlin.operator.scale.Scaling;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is said of an app after one pass. */
record AppStatus(WasmAppStatus before, WasmAppStatus now) {
  private static final Set<String> UNEVENTFUL =
      Set.of(
          Reasons.ALL_READY,
          Reasons.NOT_ALL_READY,
          Reasons.ROLLED_OUT,
          Reasons.ROLLING_OUT,
          Reasons.MINIMUM_AVAILABLE,
          Reasons.MINIMUM_UNAVAILABLE,
          Reasons.IMAGE_RESOLVED,
          Reasons.IMAGE_RESOLVING,
          Reasons.AUTOSCALER_READY,
          Reasons.ROUTE_READY);

  /** What is refused besides the app itself, and the condition that tells of it. */
  private static final Map<String, String> BESIDES =
      Map.of(
          Reasons.AUTOSCALER_TAKEN, Scaling.AUTOSCALING,
          Reasons.AUTOSCALER_REFUSED, Scaling.AUTOSCALING,
          Reasons.ROUTE_TAKEN, Routing.ROUTE,
          Reasons.ROUTE_REFUSED, Routing.ROUTE);

  /** Says how far the state is, given what the plan is about to do. */
  static AppStatus of(WasmAppState state, WasmAppPlan plan) {
    var app = state.app();
    var before = state.status();
    var trial = Trial.of(state);
    var counting = trial.map(Trial::stable).orElse(state); // what is tried is there besides
    var alive = counted(counting);
    boolean resolved =
        state.image() instanceof Resolution.Resolved
            && (state.target().hold() == Target.Hold.NONE
                || state.target().hold() == Target.Hold.READING_CONFIG);
    boolean isHttp = state.spec().workload() instanceof HttpWorkload;
    int ready = (int) alive.stream().filter(state::isReady).count();
    int available = (int) alive.stream().filter(state::isAvailable).count();
    int lacking = Math.max(0, state.spec().replicas() - available);
    var now =
        WasmAppStatus.EMPTY
            .edit()
            .withObservedGeneration(app.getMetadata().getGeneration())
            .withReplicas(alive.size())
            .withReadyReplicas(ready)
            .withUpdatedReplicas(
                trial.map(it -> it.canaries().size()).orElseGet(() -> updated(state, alive)))
            .withAvailableReplicas(available)
            .withUnavailableReplicas(isReplicated(state) && lacking > 0 ? (Integer) lacking : null)
            .withSelector(Api.APP_LABEL + "=" + app.getMetadata().getName())
            .withImage(
                resolved && state.image() instanceof Resolution.Resolved it
                    ? it.image()
                    : before.image())
            .withFeatures(
                resolved && state.image() instanceof Resolution.Resolved it
                    ? it.features()
                    : before.features())
            .withRevision(resolved ? state.template() : before.revision())
            .withRevisionNumber(
                resolved ? plan.keeping().number().orElse(null) : before.revisionNumber())
            .withCurrentRevision(isReplicated(state) ? currentRevision(state) : null)
            .withLastProgressTime(isReplicated(state) ? lastProgress(state) : null)
            .withUrl(isHttp && state.port().isPresent() ? url(state) : null)
            .withPort(isHttp && state.port().isPresent() ? (Integer) state.port().getAsInt() : null)
            .withJob(job(state, plan))
            .withCanary(plan.sharing().status())
            .withConditions(transitions(Conditions.of(state, plan), before, state))
            .build();
    return new AppStatus(before, now);
  }

  private static boolean isReplicated(WasmAppState state) {
    return switch (state.spec().workload()) {
      case HttpWorkload _ -> true;
      case WorkerWorkload _ -> true;
      case JobWorkload _ -> false;
      case CronWorkload _ -> false;
    };
  }

  /** How many are of the template that the user asks for, which need not be what is to run now. */
  private static int updated(WasmAppState state, List<Instance> alive) {
    Predicate<Instance> isAskedFor =
        switch (state.target().hold()) {
          case NONE, READING_CONFIG -> state::isCurrent;
          case PAUSED, SETTLING, NO_SUCH_REVISION -> {
            var asked = Target.asked(state.app().getSpec(), state.history());
            yield instance -> asked.filter(instance.template()::equals).isPresent();
          }
        };
    return (int) alive.stream().filter(isAskedFor).count();
  }

  private static @Nullable String currentRevision(WasmAppState state) {
    return Progress.of(state).complete() ? state.template() : state.status().currentRevision();
  }

  private static @Nullable String lastProgress(WasmAppState state) {
    return Progress.of(state)
        .last()
        .map(it -> it.truncatedTo(ChronoUnit.SECONDS).toString())
        .orElse(null);
  }

  /**
   * The same, where the API server refused what the plan wanted. Without its Service an http app is
   * not ready; an app that has fewer instances than it should have may be, but gets no further; an
   * autoscaler or a route is a matter of its own.
   */
  AppStatus refused(WasmAppPlan plan, String reason, String message, Instant time) {
    @Nullable String beside = BESIDES.get(reason);
    if (beside != null)
      return new AppStatus(
          before,
          now.edit()
              .withConditions(
                  now.conditions().stream()
                      .map(c -> c.type().equals(beside) ? refused(c, reason, message, time) : c)
                      .toList())
              .build());
    boolean kept = reason.equals(Reasons.REVISION_REFUSED);
    boolean instance = kept || reason.equals(Reasons.INSTANCE_REFUSED);
    var conditions =
        now.conditions().stream()
            .map(c ->
                switch (c.type()) {
                  case Conditions.READY ->
                      kept || (instance && c.isTrue()) ? c : refused(c, reason, message, time);
                  case Conditions.PROGRESSING -> instance ? refused(c, reason, message, time) : c;
                  default -> c;
                })
            .toList();
    return new AppStatus(
        before,
        now.edit()
            .withJob(plan.job() == null ? now.job() : plan.job().refused().status())
            .withConditions(conditions)
            .build());
  }

  private Condition refused(Condition condition, String reason, String message, Instant time) {
    return new Condition(
            condition.type(),
            Condition.FALSE,
            reason,
            message,
            condition.observedGeneration(),
            null)
        .since(
            Condition.find(before.conditions(), condition.type()).orElse(null),
            time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** A job's finished runs are records, and no replicas any more; nor is what was evicted. */
  private static List<Instance> counted(WasmAppState state) {
    boolean isJob = state.spec().workload() instanceof JobWorkload;
    return state.counted().stream().filter(i -> !i.evicted() && (!isJob || !i.finished())).toList();
  }

  private static @Nullable JobStatus job(WasmAppState state, WasmAppPlan plan) {
    if (!(state.spec().workload() instanceof JobWorkload)) return null;
    return plan.job() == null ? state.status().job() : plan.job().status();
  }

  private static String url(WasmAppState state) {
    var meta = state.app().getMetadata();
    int port = state.spec().workload() instanceof HttpWorkload http ? http.port() : 80;
    return "http://%s.%s.svc%s"
        .formatted(meta.getName(), meta.getNamespace(), port == 80 ? "" : ":" + port);
  }

  private static List<Condition> transitions(
      List<Condition> conditions, WasmAppStatus before, WasmAppState state) {
    return conditions.stream()
        .map(c ->
            new Condition(
                    c.type(),
                    c.status(),
                    c.reason(),
                    c.message(),
                    state.app().getMetadata().getGeneration(),
                    null)
                .since(
                    Condition.find(before.conditions(), c.type()).orElse(null),
                    state.now().truncatedTo(ChronoUnit.SECONDS).toString()))
        .toList();
  }

  /**
   * Whether it says only that things take their course: the app is being started, rolled out or
   * brought back, and no reader of the status before would be misled meanwhile.
   */
  boolean isOnTheWay() {
    var reasons = now.conditions().stream().map(Condition::reason).collect(toSet());
    return now.job() == null
        && !now.equals(before)
        && Objects.equals(now.canary(), before.canary())
        && UNEVENTFUL.containsAll(reasons)
        && (reasons.contains(Reasons.ROLLING_OUT)
            || reasons.contains(Reasons.IMAGE_RESOLVING)
            || reasons.contains(Reasons.NOT_ALL_READY))
        && before.conditions().stream().allMatch(it -> UNEVENTFUL.contains(it.reason()))
        && isReady(before) == isReady(now);
  }

  private static boolean isReady(WasmAppStatus status) {
    return Condition.find(status.conditions(), Conditions.READY)
        .filter(Condition::isTrue)
        .isPresent();
  }

  /** Writes it, where it says something new. */
  UpdateControl<WasmApp> update(WasmApp app) {
    return now.equals(before) ? UpdateControl.noUpdate() : UpdateControl.patchStatus(patch(app));
  }

  /** The same after a pass that failed; the pass is tried again. */
  ErrorStatusUpdateControl<WasmApp> updateAfterFault(WasmApp app) {
    return now.equals(before)
        ? ErrorStatusUpdateControl.noStatusUpdate()
        : ErrorStatusUpdateControl.patchStatus(patch(app));
  }

  /** What has been counted once must not be written over by one who has not seen it. */
  private boolean counts() {
    return now.job() != null || now.cron() != null;
  }

  private WasmApp patch(WasmApp app) {
    var patch = new WasmApp();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(app.getMetadata().getName())
            .withNamespace(app.getMetadata().getNamespace())
            .withUid(app.getMetadata().getUid()) // not of a namesake made meanwhile
            .withResourceVersion(counts() ? app.getMetadata().getResourceVersion() : null)
            .build());
    patch.setSpec(null);
    patch.setStatus(now);
    return patch;
  }
}
