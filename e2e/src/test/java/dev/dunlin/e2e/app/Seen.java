package dev.dunlin.e2e.app;

import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Watches an app's instances, and remembers the most and the least that there were at any moment.
 */
final class Seen implements AutoCloseable {
  private final SharedIndexInformer<WasmInstance> informer;
  private final Map<String, WasmInstance> now = new HashMap<>();
  private final Set<String> ever = new HashSet<>();
  private int most;
  private int leastReady = Integer.MAX_VALUE;
  private int mostReady;
  private int mostRevisions;
  private boolean begun;

  private Seen(App app) {
    informer = app.itsInstances().runnableInformer(0);
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(WasmInstance made) {
            put(made);
          }

          @Override
          public void onUpdate(WasmInstance before, WasmInstance after) {
            put(after);
          }

          @Override
          public void onDelete(WasmInstance gone, boolean unknown) {
            remove(gone);
          }
        });
    informer.run();
    begin();
  }

  /** From now on; what is there already counts. */
  static Seen of(App app) {
    return new Seen(app);
  }

  private synchronized void put(WasmInstance instance) {
    now.put(instance.getMetadata().getUid(), instance);
    ever.add(instance.getMetadata().getUid());
    look();
  }

  private synchronized void remove(WasmInstance instance) {
    now.remove(instance.getMetadata().getUid());
    look();
  }

  private synchronized void begin() {
    begun = true;
    look();
  }

  private void look() {
    if (!begun) return;
    var standing =
        now.values().stream()
            .filter(instance -> instance.getMetadata().getDeletionTimestamp() == null)
            .filter(instance -> !isFinished(instance))
            .toList();
    most = Math.max(most, standing.size());
    int ready = (int) standing.stream().filter(App::isReady).count();
    leastReady = Math.min(leastReady, ready);
    mostReady = Math.max(mostReady, ready);
    mostRevisions =
        Math.max(
            mostRevisions,
            (int)
                now.values().stream()
                    .map(instance -> instance.getSpec().revision())
                    .distinct()
                    .count());
  }

  private static boolean isFinished(WasmInstance instance) {
    InstancePhase phase = App.statusOf(instance).phase();
    return phase == InstancePhase.Succeeded || phase == InstancePhase.Failed;
  }

  /** Instances at once, without those being deleted and those that have ended. */
  synchronized int most() {
    return most;
  }

  /** Ready instances at the worst moment, without those being deleted. */
  synchronized int leastReady() {
    return leastReady;
  }

  /** Ready instances at the best moment, without those being deleted. */
  synchronized int mostReady() {
    return mostReady;
  }

  /** Revisions at once, of all instances that there were, those being deleted too. */
  synchronized int mostRevisions() {
    return mostRevisions;
  }

  /** Instances that there ever were. */
  synchronized int ever() {
    return ever.size();
  }

  @Override
  public void close() {
    informer.close();
  }
}
