package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.cache.Changes;
import dev.dunlin.operator.cache.ClusterEventSource;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.event.Happening;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.function.Function;

/** Makes the cluster match one {@link WasmApp}, and says how far it got. */
@ControllerConfiguration(name = "wasmapp", fieldManager = Cluster.FIELD_MANAGER)
public final class WasmAppReconciler implements Reconciler<WasmApp> {
  private final Sources sources;
  private final Cluster cluster;
  private final Changes changes;
  private final Events events;
  private final Function<EventSourceContext<WasmApp>, ClusterEventSource> eventSource;

  /**
   * From reading to reserving passes go one at a time, so that none gives away what another has.
   */
  private final Object turn = new Object();

  public WasmAppReconciler(
      Sources sources,
      Cluster cluster,
      Changes changes,
      Events events,
      Function<EventSourceContext<WasmApp>, ClusterEventSource> eventSource) {
    this.sources = sources;
    this.cluster = cluster;
    this.changes = changes;
    this.events = events;
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
    }
    cluster.apply(app, plan); // the only writes
    if (plan.deleteApp()) return UpdateControl.noUpdate();
    var status = AppStatus.of(state, plan); // pure: what we say of it
    Happenings.of(plan, status.before(), status.now()).forEach(it -> events.say(app, it));
    changes.waits(app, plan.placement().missing() > 0);
    var update = status.update(app);
    plan.lookAgain().ifPresent(update::rescheduleAfter);
    return update;
  }

  /** A pass that failed is tried again, with backoff; the app's owner may see why. */
  @Override
  public ErrorStatusUpdateControl<WasmApp> updateErrorStatus(
      WasmApp app, Context<WasmApp> context, Exception fault) {
    String message = String.valueOf(fault.getMessage());
    if (fault instanceof RefusedException) {
      events.say(app, Happening.warning(Reasons.SERVICE_REFUSED, message));
      return AppStatus.refused(app, message, sources.clock().instant()).updateAfterFault(app);
    }
    events.say(app, Happening.warning(Reasons.ERROR, message));
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }
}
