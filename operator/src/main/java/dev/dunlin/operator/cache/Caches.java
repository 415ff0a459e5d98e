package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.operator.cron.CronJobs;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.placement.Host;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.quota.NamespaceQuota;
import dev.dunlin.operator.revision.KeptRevision;
import dev.dunlin.operator.revision.Revisions;
import dev.dunlin.operator.route.RoutesFound;
import dev.dunlin.operator.scale.Scalers;
import dev.dunlin.operator.volume.Volumes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the operator watches besides WasmApps, and nothing else. */
public final class Caches implements AutoCloseable {
  private static final Duration FIRST_LIST = Duration.ofSeconds(60);
  private static final String AGENT_LABEL = "app.kubernetes.io/name";
  private static final String AGENT = "dunlin-agent";
  private static final String NAMESPACE = "quota-namespace";

  private final Instances instances;
  private final Watched<WasmInstance> watchedInstances;
  private final Watched<WasmApp> cronJobs;
  private final Watched<WasmNode> nodes;
  private final Watched<Node> hosts;
  private final Watched<Pod> agentPods;
  private final Watched<PriorityClass> priorityClasses;
  private final NodeViews nodeViews =
      new NodeViews(() -> nodes().list(), name -> hosts().get(null, name));
  private final Watched<WasmQuota> quotas;
  private final Watched<Service> services;
  private final Watched<EndpointSlice> slices;
  private final Watched<ControllerRevision> watchedRevisions;
  private final Revisions revisions;
  private final Watched<WasmVolume> watchedVolumes;
  private final Volumes volumes;
  private final Autoscalers autoscalers;
  private final Routes routes;

  /**
   * Prepares the watches.
   *
   * @param namespaces to look into; none for all
   * @param agentNamespace where the agents' Pods are
   * @param apps all WasmApps that exist
   */
  public Caches(
      KubernetesClient client,
      Set<String> namespaces,
      String agentNamespace,
      Instances instances,
      Revisions revisions,
      CronJobs jobs,
      Supplier<Stream<WasmApp>> apps,
      Changes changes) {
    this.instances = instances;
    this.revisions = revisions;
    watchedInstances =
        new Watched<>(
            scopes(client.resources(WasmInstance.class), namespaces),
            Map.of(),
            object -> {},
            (before, after) -> {
              boolean known = before == null && instances.isCreating(after);
              instances.observe(before, after);
              if (!known) changes.instance(before, after); // the pass that made it has seen it
            });
    cronJobs =
        new Watched<>(
            labelled(client.resources(WasmApp.class), namespaces, Api.CRON_LABEL),
            Map.of(),
            object -> {},
            (before, after) -> {
              jobs.observe(before, after);
              changes.cronJob(before, after);
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
    hosts =
        new Watched<>(
            List.of(client.nodes()),
            Map.of(),
            Caches::trim,
            (before, after) -> {
              nodeViews.changed();
              changes.host(before, after, this::agentsOn);
            });
    agentPods =
        new Watched<>(
            List.of(client.pods().inNamespace(agentNamespace).withLabel(AGENT_LABEL, AGENT)),
            Map.of(),
            Caches::trim,
            (before, after) -> changes.agentPod());
    priorityClasses =
        new Watched<>(
            List.of(client.scheduling().v1().priorityClasses()),
            Map.of(),
            object -> {},
            (before, after) -> changes.roomLeft());
    quotas =
        new Watched<>(
            scopes(client.resources(WasmQuota.class), namespaces),
            Map.of(NAMESPACE, quota -> List.of(quota.getMetadata().getNamespace())),
            object -> {},
            changes::quota);
    services =
        new Watched<>(
            scopes(client.services(), namespaces), Map.of(), Caches::trim, changes::named);
    slices =
        new Watched<>(
            sliceScopes(client.discovery().v1().endpointSlices(), namespaces),
            Map.of(),
            object -> {},
            changes::named);
    volumes = new Volumes(changes::app);
    watchedVolumes =
        new Watched<>(
            scopes(client.resources(WasmVolume.class), namespaces),
            Map.of(),
            object -> {},
            volumes::observe);
    watchedRevisions =
        new Watched<>(
            revisionScopes(client.apps().controllerRevisions(), namespaces),
            Map.of(),
            KeptRevision::trim,
            (before, after) -> {
              revisions.observe(before, after);
              changes.revision(before, after);
            });
    autoscalers = new Autoscalers(client, namespaces, changes);
    routes = new Routes(client, namespaces, apps, changes);
  }

  static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      List<? extends Informable<T>> scopes(
          MixedOperation<T, L, ? extends Resource<T>> all, Set<String> namespaces) {
    return namespaces.isEmpty()
        ? List.of(all.inAnyNamespace())
        : namespaces.stream().sorted().map(all::inNamespace).toList();
  }

  private static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      List<? extends Informable<T>> labelled(
          MixedOperation<T, L, ? extends Resource<T>> all, Set<String> namespaces, String label) {
    return namespaces.isEmpty()
        ? List.of(all.inAnyNamespace().withLabel(label))
        : namespaces.stream().sorted().map(ns -> all.inNamespace(ns).withLabel(label)).toList();
  }

  /** All Services of a cluster are watched, since any may have an app's name. */
  private static void trim(Service service) {
    service.getMetadata().setAnnotations(null);
    service.setStatus(null);
  }

  /** Most of a Node is the images that it has, and of a Pod what it is made from. */
  private static void trim(Node node) {
    node.getMetadata().setAnnotations(null);
    node.setStatus(null);
  }

  private static void trim(Pod pod) {
    pod.getMetadata().setAnnotations(null);
    if (pod.getSpec() == null) return;
    pod.setSpec(new PodSpecBuilder().withNodeName(pod.getSpec().getNodeName()).build());
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

  /** Not those of StatefulSets and DaemonSets. */
  private static <T extends HasMetadata, L extends KubernetesResourceList<T>>
      List<? extends Informable<T>> revisionScopes(
          MixedOperation<T, L, ? extends Resource<T>> all, Set<String> namespaces) {
    return namespaces.isEmpty()
        ? List.of(all.inAnyNamespace().withLabel(Api.APP_LABEL))
        : namespaces.stream()
            .sorted()
            .map(ns -> all.inNamespace(ns).withLabel(Api.APP_LABEL))
            .toList();
  }

  /** Starts all watches, and waits for their first lists. */
  void start() {
    all().forEach(watched -> watched.start(FIRST_LIST));
    routes.start(FIRST_LIST);
  }

  public Instances instances() {
    return instances;
  }

  public Watched<WasmNode> nodes() {
    return nodes;
  }

  /** The nodes as they are now, with what their instances take. */
  public Nodes nodes(Instant now, Duration grace) {
    return new Nodes(nodeViews.at(now, grace), instances::roomTaken);
  }

  /** Names of the WasmNodes on a machine. */
  private Stream<String> agentsOn(String host) {
    return nodes()
        .list()
        .filter(node -> Host.nameOf(node).equals(host))
        .map(node -> node.getMetadata().getName());
  }

  private Watched<Node> hosts() {
    return hosts;
  }

  public Watched<Pod> agentPods() {
    return agentPods;
  }

  public PriorityClasses priorityClasses() {
    return new PriorityClasses(priorityClasses);
  }

  public Watched<WasmQuota> quotas() {
    return quotas;
  }

  /** What the quotas of a namespace allow now. */
  public NamespaceQuota quota(String namespace) {
    var ofNamespace = quotas.by(NAMESPACE, namespace).toList();
    return ofNamespace.isEmpty()
        ? NamespaceQuota.NONE
        : new NamespaceQuota(ofNamespace, instances.used(namespace));
  }

  public Watched<Service> services() {
    return services;
  }

  public Revisions revisions() {
    return revisions;
  }

  public Volumes volumes() {
    return volumes;
  }

  public Watched<EndpointSlice> slices() {
    return slices;
  }

  /** The HorizontalPodAutoscalers that have to do with an app, and why they get no metrics. */
  public Scalers scalers(String namespace, String name, Optional<String> notOffered) {
    return autoscalers.of(namespace, name, notOffered);
  }

  /** What of an app's name leads to apps from outside. */
  public RoutesFound routes(String namespace, String name) {
    return routes.of(namespace, name);
  }

  boolean areWatching() {
    return all().allMatch(Watched::isWatching) && routes.areWatching();
  }

  @Override
  public void close() {
    all().forEach(Watched::close);
    routes.close();
  }

  private Stream<Watched<?>> all() {
    return Stream.of(
        hosts,
        agentPods,
        priorityClasses,
        nodes,
        quotas,
        watchedInstances,
        cronJobs,
        services,
        slices,
        watchedRevisions,
        watchedVolumes,
        autoscalers.watched());
  }
}
