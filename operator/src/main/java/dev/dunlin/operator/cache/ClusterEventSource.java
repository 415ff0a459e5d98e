package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.javaoperatorsdk.operator.health.Status;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSourceStartPriority;
import java.util.Set;
import java.util.function.Predicate;

/** Makes {@link Caches} known to the SDK: it starts and stops them, and passes follow changes. */
public final class ClusterEventSource extends AbstractEventSource<WasmInstance, WasmApp> {
  private final Caches caches;
  private final Changes changes;
  private final Predicate<ResourceID> isApp;

  /**
   * Joins the two.
   *
   * @param isApp whether an app of that name exists; the SDK would remember every other name
   */
  public ClusterEventSource(Caches caches, Changes changes, Predicate<ResourceID> isApp) {
    super(WasmInstance.class, "cluster");
    this.caches = caches;
    this.changes = changes;
    this.isApp = isApp;
    setEventSourcePriority(EventSourceStartPriority.RESOURCE_STATE_LOADER);
  }

  @Override
  public void start() {
    if (isRunning()) return;
    caches.start();
    changes.tell(id -> {
      if (isApp.test(id)) getEventHandler().handleEvent(new Event(id));
      else changes.gone(id);
    });
    super.start();
  }

  @Override
  public void stop() {
    super.stop();
    changes.close();
    caches.close();
  }

  @Override
  public Set<WasmInstance> getSecondaryResources(WasmApp app) {
    return Set.of();
  }

  @Override
  public Status getStatus() {
    return caches.areWatching() ? Status.HEALTHY : Status.UNHEALTHY;
  }
}
