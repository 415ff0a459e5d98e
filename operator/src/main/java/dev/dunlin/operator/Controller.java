package dev.dunlin.operator;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.operator.access.AgentRights;
import dev.dunlin.operator.app.Cluster;
import dev.dunlin.operator.app.Settling;
import dev.dunlin.operator.app.Sources;
import dev.dunlin.operator.app.WasmAppReconciler;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.cache.Changes;
import dev.dunlin.operator.cache.ClusterEventSource;
import dev.dunlin.operator.cache.Configs;
import dev.dunlin.operator.cache.Slim;
import dev.dunlin.operator.canary.Decided;
import dev.dunlin.operator.cron.CronJobs;
import dev.dunlin.operator.cron.Crons;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.image.ImageResolver;
import dev.dunlin.operator.image.PullSecrets;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.metrics.AppKey;
import dev.dunlin.operator.metrics.AppMetrics;
import dev.dunlin.operator.metrics.KnownWhereabouts;
import dev.dunlin.operator.metrics.Lookout;
import dev.dunlin.operator.node.LostInstances;
import dev.dunlin.operator.node.NodeMonitor;
import dev.dunlin.operator.policy.PolicyStatuses;
import dev.dunlin.operator.port.AppPorts;
import dev.dunlin.operator.quota.QuotaStatuses;
import dev.dunlin.operator.revision.Revisions;
import dev.dunlin.operator.volume.VolumeBinder;
import dev.dunlin.operator.volume.VolumeKeeper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What works while this process leads: it is made anew for each term, and closed at its end. */
final class Controller implements AutoCloseable {
  private static final Duration STOPPING = Duration.ofSeconds(5);
  private static final Duration REGISTRY_RETRIES = Duration.ofSeconds(2);

  /** At first often, then every minute, and never giving up: most faults are the API server's. */
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);

  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final int PASSES_AT_ONCE = 16;

  private final Instances instances = new Instances(System::nanoTime);
  private final Changes changes = new Changes(instances);
  private final Events events;
  private final RegistryClient registry;
  private final ImageResolver images;
  private final Caches caches;
  private final Configs configs;
  private final NodeMonitor nodes;
  private final QuotaStatuses quotas;
  private final PolicyStatuses policies;
  private final VolumeKeeper volumes;
  private final Optional<AgentRights> rights;
  private final Measured measured;
  private final Operator operator;
  private volatile @Nullable EventSourceContext<WasmApp> context;

  Controller(
      OperatorConfig config,
      KubernetesClient client,
      Clock clock,
      Metrics metrics,
      Measured measured) {
    this.measured = measured;
    events = new Events(client, clock);
    registry = new RegistryClient(patience(config.registry()));
    images =
        new ImageResolver(
            registry::describe,
            new PullSecrets(client)::of,
            System::nanoTime,
            app -> changes.app(app.getMetadata().getNamespace(), app.getMetadata().getName()));
    var revisions = new Revisions(System::nanoTime);
    var jobs = new CronJobs(System::nanoTime);
    Supplier<Stream<WasmApp>> apps = this::apps;
    caches =
        new Caches(
            client,
            config.watchNamespaces(),
            config.namespace(),
            instances,
            revisions,
            jobs,
            apps,
            changes);
    rights =
        config
            .agents()
            .map(it -> new AgentRights(client, it, config.watchNamespaces(), apps, instances));
    var cluster = new Cluster(client, instances, revisions, before(client));
    configs = new Configs(client, changes, apps, System::nanoTime);
    var sources =
        new Sources(
            caches,
            images,
            new AppPorts(config.appPorts(), System::nanoTime),
            apps,
            this::app,
            clock,
            RandomGenerator.getDefault(),
            config.nodeGrace(),
            config.jobRetryDelay(),
            configs,
            new Settling(System::nanoTime),
            measured.metrics(),
            measured.notOffered(),
            config.metrics().readings().interval(),
            new Decided());
    nodes =
        new NodeMonitor(
            client,
            caches,
            changes,
            events,
            new LostInstances(caches, apps, cluster::forget),
            new NodeMonitor.Settings(
                config.namespace(),
                config.leasePoll(),
                config.nodeGrace(),
                config.outageGrace(),
                config.removeNodeAfter()),
            clock,
            System::nanoTime);
    volumes =
        new VolumeKeeper(
            client,
            caches.volumes(),
            () -> caches.nodes(clock.instant(), config.nodeGrace()).all(),
            this::app,
            instances::all,
            events,
            clock);
    quotas = new QuotaStatuses(client, () -> caches.quotas().list(), instances::used);
    policies = new PolicyStatuses(client, clock);
    operator = operator(client, metrics);
    operator.register(
        new WasmAppReconciler(
            sources,
            cluster,
            changes,
            events,
            new Crons(client, jobs, events, clock),
            this::eventSource),
        it -> {
          it.withRetry(
              new GenericRetry()
                  .setInitialInterval(FIRST_RETRY.toMillis())
                  .setIntervalMultiplier(2)
                  .setMaxInterval(LAST_RETRY.toMillis())
                  .withoutMaxAttempts());
          if (!config.watchNamespaces().isEmpty()) it.settingNamespaces(config.watchNamespaces());
          if (config.watchNamespaces().size() <= 1) it.withItemStore(new Slim<>()); // one watch's
        });
  }

  /**
   * What apps do, which is known whether this process leads or not.
   *
   * @param lookout to be told where apps are
   * @param notOffered why metrics of apps are not to be had from the API server; empty where they
   *     are
   */
  record Measured(AppMetrics metrics, Lookout lookout, Supplier<Optional<String>> notOffered) {}

  private static Operator operator(KubernetesClient client, Metrics metrics) {
    return new Operator(it ->
        it.withKubernetesClient(client)
            .withCloseClientOnStop(false)
            .withConcurrentReconciliationThreads(PASSES_AT_ONCE)
            .withReconciliationTerminationTimeout(STOPPING)
            .withMetrics(metrics));
  }

  /** What is done before an instance is made. */
  private Consumer<WasmInstance> before(KubernetesClient client) {
    var binder = new VolumeBinder(client, caches.volumes());
    return instance -> {
      rights.ifPresent(it -> it.grant(instance));
      binder.accept(instance);
    };
  }

  /** The registry is asked again by our own backoff, which says in the meantime what is wrong. */
  private static RegistryConfig patience(RegistryConfig config) {
    return config.withTimeouts(config.timeouts().withRetryFor(REGISTRY_RETRIES));
  }

  private ClusterEventSource eventSource(EventSourceContext<WasmApp> itsContext) {
    context = itsContext;
    return new ClusterEventSource(caches, changes, this::isApp);
  }

  private boolean isApp(ResourceID id) {
    var known = context;
    return known != null && known.getPrimaryCache().get(id).isPresent();
  }

  private Optional<WasmApp> app(String namespace, String name) {
    var known = context;
    return known == null
        ? Optional.empty()
        : known.getPrimaryCache().get(new ResourceID(name, namespace));
  }

  private Stream<WasmApp> apps() {
    var known = context;
    return known == null ? Stream.empty() : known.getPrimaryCache().list();
  }

  void start() {
    operator.start();
    nodes.start();
    quotas.start();
    policies.start();
    volumes.start();
    rights.ifPresent(AgentRights::start);
    measured.lookout().lead(new KnownWhereabouts(instances, caches.nodes()), this::autoscaled);
  }

  private Collection<AppKey> autoscaled() {
    return apps()
        .filter(app -> app.getSpec().autoscaling() != null)
        .map(app -> new AppKey(app.getMetadata().getNamespace(), app.getMetadata().getName()))
        .toList();
  }

  /** Whether everything that is to be watched is being watched. */
  boolean isHealthy() {
    return operator.getRuntimeInfo().isStarted()
        && operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  int instances() {
    return instances.size();
  }

  int readyNodes() {
    return nodes.ready();
  }

  int waiting() {
    return changes.waiting();
  }

  @Override
  public void close() {
    measured.lookout().follow();
    quotas.close();
    policies.close();
    nodes.close();
    volumes.close();
    rights.ifPresent(AgentRights::close);
    operator.stop();
    changes.close();
    configs.close();
    caches.close();
    images.close();
    registry.close();
    events.close();
  }
}
