package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.cache.Watched;
import dev.dunlin.operator.instance.Instance;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator watches for whoever asks about apps while another one leads. */
final class OwnWatch implements Whereabouts, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnWatch.class);

  private static final String APP = "app";

  private final Watched<WasmInstance> instances;
  private final Watched<WasmNode> nodes;

  /**
   * Begins to watch.
   *
   * @param namespaces to look into; none for all
   */
  OwnWatch(KubernetesClient client, Set<String> namespaces) {
    instances =
        new Watched<>(
            scopes(client, namespaces),
            Map.of(APP, instance -> List.of(app(instance))),
            OwnWatch::trim,
            (was, is) -> {});
    nodes =
        new Watched<>(
            List.of(client.resources(WasmNode.class)), Map.of(), node -> {}, (was, is) -> {});
    var _ =
        CompletableFuture.allOf(instances.start(), nodes.start())
            .whenComplete((done, fault) -> {
              if (fault != null) LOG.warn("Where apps are cannot be watched", fault);
            });
  }

  private static List<? extends Informable<WasmInstance>> scopes(
      KubernetesClient client, Set<String> namespaces) {
    var all = client.resources(WasmInstance.class);
    return namespaces.isEmpty()
        ? List.of(all.inAnyNamespace())
        : namespaces.stream().sorted().map(all::inNamespace).toList();
  }

  private static String app(WasmInstance instance) {
    return new AppKey(instance.getMetadata().getNamespace(), instance.getSpec().appName())
        .toString();
  }

  private static void trim(WasmInstance instance) {
    instance.getMetadata().setAnnotations(null);
    instance.getMetadata().setOwnerReferences(null);
  }

  @Override
  public Optional<Map<String, Instant>> nodes(AppKey app) {
    return instances.hasSynced()
        ? Optional.of(KnownWhereabouts.nodes(instances.by(APP, app.toString()).map(Instance::of)))
        : Optional.empty();
  }

  @Override
  public Optional<NodeLogs> agent(String node) {
    return KnownWhereabouts.logs(nodes, node);
  }

  @Override
  public void close() {
    instances.close();
    nodes.close();
  }
}
