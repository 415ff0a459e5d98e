package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.cache.Changes;
import dev.dunlin.operator.cache.ClusterEventSource;
import dev.dunlin.operator.cron.Crons;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.event.Happening;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the cluster match one {@link WasmApp}, and says how far it got. */
@ControllerConfiguration(name = "wasmapp", fieldManager = Cluster.FIELD_MANAGER)
public final class WasmAppReconciler implements Reconciler<WasmApp> {
  private final Sources sources;
  private final Cluster cluster;
  private final Changes changes;
  private final Events events;
  private final Crons crons;
  private final Function<EventSourceContext<WasmApp>, ClusterEventSource> eventSource;

  /**
   * From reading to reserving passes go one at a time, so that none gives away what another has.
   */
  private final Object turn = new Object();

  private final Patience patience = new Patience(System::nanoTime);

  public WasmAppReconciler(
      Sources sources,
      Cluster cluster,
      Changes changes,
      Events events,
      Crons crons,
      Function<EventSourceContext<WasmApp>, ClusterEventSource> eventSource) {
    this.sources = sources;
    this.cluster = cluster;
    this.changes = changes;
    this.events = events;
    this.crons = crons;
    this.eventSource = eventSource;
  }

  @Override
  public List<EventSource<?, WasmApp>> prepareEventSources(EventSourceContext<WasmApp> context) {
    return List.of(eventSource.apply(context));
  }

  @Override
  public UpdateControl<WasmApp> reconcile(WasmApp app, Context<WasmApp> context) {
    WasmAppState state;
    WasmAppPlan plan;
    synchronized (turn) {
      state = sources.read(app); // everything this pass has read
      plan = WasmAppPlan.of(state); // pure: what should exist, what should go
      cluster.reserve(plan);
      sources.decided(app, plan.sharing().status());
    }
    var status = AppStatus.of(state, plan); // pure: what we say of it
    apply(state, plan, status); // the only writes
    if (plan.deleteApp()) return UpdateControl.noUpdate();
    if (app.getSpec().workload() instanceof CronWorkload cron) return schedule(app, cron, plan);
    var wait = patience.left(app.getMetadata().getUid(), status);
    var said = wait.isPresent() ? status.before() : status.now();
    Happenings.of(plan, status.before(), said).forEach(it -> events.say(app, it));
    for (var victim : plan.placement().victims())
      events.say(Happenings.appOf(victim), Happenings.preempted(victim, state));
    changes.waits(app, plan.placement().missing() > 0, state.standing().value());
    UpdateControl<WasmApp> update =
        wait.isPresent() ? UpdateControl.noUpdate() : status.update(app);
    Stream.concat(wait.stream(), plan.lookAgain().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(update::rescheduleAfter);
    return update;
  }

  /** Its jobs are apps of their own; what it had as another workload is gone by now. */
  private UpdateControl<WasmApp> schedule(WasmApp app, CronWorkload cron, WasmAppPlan plan) {
    var result = crons.pass(app, cron);
    var status = new AppStatus(WasmAppState.status(app), result.status());
    Happenings.of(plan, status.before(), status.before()).forEach(it -> events.say(app, it));
    return status.update(app).rescheduleAfter(result.lookAgain());
  }

  private void apply(WasmAppState state, WasmAppPlan plan, AppStatus status) {
    try {
      cluster.apply(state.app(), plan);
    } catch (RuntimeException e) {
      changes.waits(state.app(), false, 0); // it is tried again anyway
      if (!plan.create().isEmpty()) changes.roomLeft();
      if (e instanceof RefusedException refused)
        throw refused.with(told(refused, state, plan, status));
      throw e;
    }
  }

  /** More than one thing may have been refused at once. */
  private static AppStatus told(
      RefusedException first, WasmAppState state, WasmAppPlan plan, AppStatus status) {
    var told = status;
    for (var fault : Stream.concat(Stream.of(first.getSuppressed()), Stream.of(first)).toList())
      if (fault instanceof RefusedException it)
        told = told.refused(plan, it.reason(), String.valueOf(it.getMessage()), state.now());
    return told;
  }

  /** A pass that failed is tried again, with backoff; the app's owner may see why. */
  @Override
  public ErrorStatusUpdateControl<WasmApp> updateErrorStatus(
      WasmApp app, Context<WasmApp> context, Exception fault) {
    @Nullable RefusedException refused = refusal(fault);
    if (isConflict(fault)) return ErrorStatusUpdateControl.defaultErrorProcessing();
    if (refused == null) {
      events.say(app, Happening.warning(Reasons.ERROR, String.valueOf(fault.getMessage())));
      return ErrorStatusUpdateControl.defaultErrorProcessing();
    }
    events.say(app, Happening.warning(refused.reason(), String.valueOf(refused.getMessage())));
    @Nullable AppStatus status = refused.status();
    return status == null
        ? ErrorStatusUpdateControl.defaultErrorProcessing()
        : status.updateAfterFault(app);
  }

  /** A status that was decided on what has changed since: it is decided again. */
  private static boolean isConflict(Throwable fault) {
    @Nullable Throwable cause = fault;
    while (cause != null && !(cause instanceof KubernetesClientException)) cause = cause.getCause();
    return cause instanceof KubernetesClientException refusal && refusal.getCode() == 409;
  }

  /** The SDK's metrics wrap what a pass throws. */
  private static @Nullable RefusedException refusal(Throwable fault) {
    @Nullable Throwable cause = fault;
    while (cause != null && !(cause instanceof RefusedException)) cause = cause.getCause();
    return (RefusedException) cause;
  }
}
