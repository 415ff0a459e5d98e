package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Canary;
import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.cache.Configs;
import dev.dunlin.operator.canary.Decided;
import dev.dunlin.operator.canary.Findings;
import dev.dunlin.operator.config.ConfigRef;
import dev.dunlin.operator.config.Content;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.image.ImageResolver;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.metrics.AppMetrics;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.port.AppPorts;
import dev.dunlin.operator.port.PortClaim;
import dev.dunlin.operator.revision.History;
import dev.dunlin.operator.revision.KeptRevision;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a pass reads from: memory, all of it.
 *
 * @param apps all WasmApps that exist
 * @param app one of them, by namespace and name
 * @param nodeGrace how long a node's Ready condition is False before its instances are given up
 * @param jobRetryDelay before a job's first run after a failure
 * @param configs what ConfigMaps and Secrets say
 * @param settling makes templates wait that follow one another too soon
 * @param metrics what apps do
 * @param metricsNotOffered why metrics of apps are not to be had from the API server (reason {@code
 *     MetricsNotOffered}); empty where they are
 * @param metricsInterval how often agents are asked for them
 * @param decided how far canaries are
 */
public record Sources(
    Caches caches,
    ImageResolver images,
    AppPorts ports,
    Supplier<Stream<WasmApp>> apps,
    BiFunction<String, String, Optional<WasmApp>> app,
    Clock clock,
    RandomGenerator random,
    Duration nodeGrace,
    Duration jobRetryDelay,
    Configs configs,
    Settling settling,
    AppMetrics metrics,
    Supplier<Optional<String>> metricsNotOffered,
    Duration metricsInterval,
    Decided decided) {

  /**
   * Everything one pass over an app needs. The caller keeps other passes from reading meanwhile.
   */
  WasmAppState read(WasmApp app) {
    var now = clock.instant();
    String namespace = app.getMetadata().getNamespace();
    String name = app.getMetadata().getName();
    // Instances of a namesake that was deleted are not ours to count, but its agent's to stop.
    var instances =
        caches.instances().ofApp(namespace, name).stream()
            .filter(i -> i.madeFor(app.getMetadata().getUid()))
            .toList();
    var history = caches.revisions().of(app);
    var asked = new ArrayList<ConfigRef>();
    Function<ConfigRef, Content> contents =
        ref -> {
          asked.add(ref);
          return configs.read(namespace, ref);
        };
    var target = target(app, history, instances, contents);
    var nodes = caches.nodes(now, nodeGrace);
    Function<Target, Standing> standing =
        it ->
            new Standing(
                caches.priorityClasses().of(it.spec().priorityClassName()),
                caches.instances().lowestPriority(),
                caches.instances()::tenants,
                (space, other) -> spare(space, other, nodes));
    var canary = canary(app, target, history, instances, contents, standing);
    configs.refer(app, asked);
    return new WasmAppState(
        app,
        now,
        random.nextLong(),
        target,
        history,
        image(app, target, history, instances),
        target.spec().workload() instanceof HttpWorkload
            ? port(app, instances)
            : OptionalInt.empty(),
        instances,
        nodes,
        standing.apply(target),
        caches.quota(namespace),
        caches.services().get(namespace, name),
        caches.slices().get(namespace, name),
        caches
            .volumes()
            .view(
                app,
                Stream.concat(
                    Stream.concat(
                        Stream.of(target.spec().volumes()),
                        canary.stable().stream().map(it -> it.target().spec().volumes())),
                    instances.stream().map(i -> i.object().getSpec().volumes())),
                node -> nodes.get(node) != null),
        jobRetryDelay,
        caches.scalers(namespace, name, metricsNotOffered.get()),
        caches.routes(namespace, name),
        canary);
  }

  /** From now on a canary is that far, whatever the app's status says yet. */
  void decided(WasmApp app, @Nullable CanaryStatus status) {
    decided.decide(
        uid(app), status, () -> apps.get().map(Sources::uid).collect(Collectors.toSet()));
  }

  private CanaryView canary(
      WasmApp app,
      Target target,
      History history,
      List<Instance> instances,
      Function<ConfigRef, Content> contents,
      Function<Target, Standing> standing) {
    var said = WasmAppState.status(app);
    @Nullable CanaryStatus status = decided.of(uid(app), said.canary());
    @Nullable Canary canary = Trial.canary(target.spec());
    if (canary == null)
      return new CanaryView(Optional.empty(), status, Findings.NONE, metricsInterval);
    return CanaryView.of(
        target.stable(app.getSpec(), history, said.currentRevision(), instances, contents),
        history,
        instances,
        standing,
        status,
        findings(app, target, canary, status),
        metricsInterval);
  }

  /** Agents are asked from the start of a trial on, so that none of its answers is missed. */
  private Findings findings(
      WasmApp app, Target target, Canary canary, @Nullable CanaryStatus status) {
    if (canary.analysis() == null
        || status == null
        || !status.isOf(target.revision())
        || Boolean.TRUE.equals(status.failed())
        || Boolean.TRUE.equals(status.promoted())) return Findings.NONE;
    String namespace = app.getMetadata().getNamespace();
    String name = app.getMetadata().getName();
    if (status.stepTime() == null) {
      metrics.want(namespace, name);
      return Findings.NONE;
    }
    var answered =
        metrics.since(namespace, name, target.revision(), Instant.parse(status.stepTime()));
    return new Findings(
        answered.requests(),
        answered.errors(),
        answered.latencyP95Seconds(),
        answered.known() ? "" : metrics.whyUnknown(namespace, name));
  }

  private OptionalInt spare(String namespace, String name, Nodes nodes) {
    return Budgets.spare(
        app.apply(namespace, name),
        caches.instances().ofApp(namespace, name),
        instance -> {
          @Nullable Node node = nodes.get(instance.node());
          return instance.ready() && node != null && node.ready();
        });
  }

  private Target target(
      WasmApp app,
      History history,
      List<Instance> instances,
      Function<ConfigRef, Content> contents) {
    return Target.of(
        app.getSpec(),
        history,
        WasmAppState.status(app).revision(),
        instances,
        contents,
        revision -> settling.left(uid(app), revision).isPresent());
  }

  /**
   * A tag is resolved once a revision: what that gave is in the status, in the ControllerRevision
   * and in the instances.
   */
  private Resolution image(WasmApp app, Target target, History history, List<Instance> instances) {
    if (target.spec().workload() instanceof CronWorkload) return new Resolution.Resolving();
    var status = WasmAppState.status(app);
    String template = target.template();
    if (template.equals(status.revision()) && status.image() != null) {
      images.forget(uid(app));
      return new Resolution.Resolved(status.image(), status.features());
    }
    var kept = history.of(template).flatMap(KeptRevision::image);
    if (kept.isPresent()) return kept.get();
    Optional<Resolution> running =
        instances.stream()
            .filter(i -> i.template().equals(template))
            .findFirst()
            .map(i -> new Resolution.Resolved(i.image(), Template.features(i.object())));
    if (running.isPresent()) return running.get();
    if (!target.spec().image().equals(app.getSpec().image()))
      return new Resolution.Unresolved(
          Reasons.IMAGE_INVALID,
          "ControllerRevision %s-%s does not say which image its template was rolled out with."
              .formatted(app.getMetadata().getName(), template),
          Optional.empty());
    images.retain(() -> apps.get().map(Sources::uid).collect(Collectors.toSet()));
    return images.of(app, template);
  }

  private OptionalInt port(WasmApp app, List<Instance> instances) {
    return ports.of(
        uid(app),
        since(app),
        claim(app, instances),
        () -> apps.get().map(it -> new PortClaim(uid(it), since(it), claim(it).orElse(0))));
  }

  private OptionalInt claim(WasmApp app) {
    var meta = app.getMetadata();
    return claim(app, caches.instances().ofApp(meta.getNamespace(), meta.getName()));
  }

  /** The app's port as its status has it, or else what was made for it before a status was. */
  private OptionalInt claim(WasmApp app, List<Instance> instances) {
    var port = WasmAppState.status(app).port();
    if (port != null) return OptionalInt.of(port);
    var ofInstance =
        instances.stream()
            .filter(i -> i.madeFor(uid(app)))
            .flatMapToInt(i -> i.port().stream())
            .findFirst();
    if (ofInstance.isPresent()) return ofInstance;
    var meta = app.getMetadata();
    @Nullable Service service = caches.services().get(meta.getNamespace(), meta.getName());
    return service != null && AppService.isOurs(service, app)
        ? AppService.appPort(service)
        : OptionalInt.empty();
  }

  private static String uid(WasmApp app) {
    return app.getMetadata().getUid();
  }

  private static String since(WasmApp app) {
    return String.valueOf(app.getMetadata().getCreationTimestamp());
  }
}
