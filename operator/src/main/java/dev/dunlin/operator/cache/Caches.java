package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.placement.Nodes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the operator watches besides WasmApps, and nothing else. */
public final class Caches implements AutoCloseable {
  private static final Duration FIRST_LIST = Duration.ofSeconds(60);

  private final Instances instances;
  private final Watched<WasmInstance> watchedInstances;
  private final Watched<WasmNode> nodes;
  private final NodeViews nodeViews = new NodeViews(() -> nodes().list());
  private final Watched<Service> services;
  private final Watched<EndpointSlice> slices;

  /**
   * Prepares the watches.
   *
   * @param namespaces to look into; none for all
   */
  public Caches(
      KubernetesClient client, Set<String> namespaces, Instances instances, Changes changes) {
    this.instances = instances;
    watchedInstances =
        new Watched<>(
            scopes(client.resources(WasmInstance.class), namespaces),
            Map.of(),
            object -> {},
            (before, after) -> {
              instances.observe(before, after);
              changes.instance(before, after);
            });
    nodes =
        new Watched<>(
            List.of(client.resources(WasmNode.class)),
            Map.of(),
            object -> {},
            (before, after) -> {
              nodeViews.changed();
              changes.node(before, after);
            });
    services =
        new Watched<>(
            scopes(client.services(), namespaces), Map.of(), Caches::trim, changes::named);
    slices =
        new Watched<>(
            sliceScopes(client.discovery().v1().endpointSlices(), namespaces),
            Map.of(),
            object -> {},
            changes::named);
  }

  private static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      List<? extends Informable<T>> scopes(
          MixedOperation<T, L, ? extends Resource<T>> all, Set<String> namespaces) {
    return namespaces.isEmpty()
        ? List.of(all.inAnyNamespace())
        : namespaces.stream().sorted().map(all::inNamespace).toList();
  }

  /** All Services of a cluster are watched, since any may have an app's name. */
  private static void trim(Service service) {
    service.getMetadata().setAnnotations(null);
    service.setStatus(null);
  }

  /** Only ours: a cluster's EndpointSlices are many, large and change all the time. */
  private static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      List<? extends Informable<T>> sliceScopes(
          MixedOperation<T, L, ? extends Resource<T>> all, Set<String> namespaces) {
    String key = "endpointslice.kubernetes.io/managed-by";
    return namespaces.isEmpty()
        ? List.of(all.inAnyNamespace().withLabel(key, Api.MANAGED_BY))
        : namespaces.stream()
            .sorted()
            .map(ns -> all.inNamespace(ns).withLabel(key, Api.MANAGED_BY))
            .toList();
  }

  /** Starts all watches, and waits for their first lists. */
  void start() {
    all().forEach(watched -> watched.start(FIRST_LIST));
  }

  public Instances instances() {
    return instances;
  }

  public Watched<WasmNode> nodes() {
    return nodes;
  }

  /** The nodes as they are now, with what their instances take. */
  public Nodes nodes(Instant now, Duration grace) {
    return new Nodes(nodeViews.at(now, grace), instances::usage);
  }

  public Watched<Service> services() {
    return services;
  }

  public Watched<EndpointSlice> slices() {
    return slices;
  }

  boolean areWatching() {
    return all().allMatch(Watched::isWatching);
  }

  @Override
  public void close() {
    all().forEach(Watched::close);
  }

  private Stream<Watched<?>> all() {
    return Stream.of(nodes, watchedInstances, services, slices);
  }
}
