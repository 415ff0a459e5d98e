package dev.dunlin.operator.node;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.instance.Instance;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is being deleted on lost nodes and belongs to no app any more, or to one that is
 * being deleted and waits for it (foreground deletion): no agent and no pass would.
 */
public final class LostInstances {
  private static final Logger LOG = LoggerFactory.getLogger(LostInstances.class);

  private final Caches caches;
  private final Supplier<Stream<WasmApp>> apps;
  private final Consumer<WasmInstance> forget;

  public LostInstances(
      Caches caches, Supplier<Stream<WasmApp>> apps, Consumer<WasmInstance> forget) {
    this.caches = caches;
    this.apps = apps;
    this.forget = forget;
  }

  void forget(Set<String> lost) {
    var going =
        caches.instances().nodes().stream()
            .filter(node -> isGone(node, lost))
            .flatMap(node -> caches.instances().onNode(node).stream())
            .map(Instance::of)
            .filter(Instance::terminating)
            .toList();
    if (!going.isEmpty()) ownerless(going, apps.get()).forEach(this::forget);
  }

  /** Those of {@code instances} whose app is gone, or going: no pass looks at that one any more. */
  static List<Instance> ownerless(List<Instance> instances, Stream<WasmApp> apps) {
    Set<String> living =
        apps.filter(app -> app.getMetadata().getDeletionTimestamp() == null)
            .map(app -> app.getMetadata().getUid())
            .collect(Collectors.toSet());
    return instances.stream()
        .filter(i ->
            i.object().getMetadata().getOwnerReferences().stream()
                .noneMatch(owner -> living.contains(owner.getUid())))
        .toList();
  }

  private boolean isGone(String node, Set<String> lost) {
    return lost.contains(node) || caches.nodes().get(null, node) == null;
  }

  private void forget(Instance instance) {
    try {
      forget.accept(instance.object());
      LOG.info(
          "Removed instance {}/{}: its app is gone and its node {} is lost.",
          instance.namespace(),
          instance.name(),
          instance.node());
    } catch (KubernetesClientException e) {
      LOG.warn(
          "Instance {}/{} could not be removed; it is tried again: {}",
          instance.namespace(),
          instance.name(),
          e.getMessage());
    }
  }
}
