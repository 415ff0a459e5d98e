package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.image.ImageResolver;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.port.AppPorts;
import dev.dunlin.operator.port.PortClaim;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a pass reads from: memory, all of it.
 *
 * @param apps all WasmApps that exist
 * @param nodeGrace how long a node's Ready condition is False before its instances are given up
 * @param jobRetryDelay before a job's first run after a failure
 */
public record Sources(
    Caches caches,
    ImageResolver images,
    AppPorts ports,
    Supplier<Stream<WasmApp>> apps,
    Clock clock,
    RandomGenerator random,
    Duration nodeGrace,
    Duration jobRetryDelay) {

  /**
   * Everything one pass over an app needs. The caller keeps other passes from reading meanwhile.
   */
  WasmAppState read(WasmApp app) {
    var now = clock.instant();
    String namespace = app.getMetadata().getNamespace();
    String name = app.getMetadata().getName();
    WasmAppSpec spec = app.getSpec();
    String revision = Revision.of(spec);
    // Instances of a namesake that was deleted are not ours to count, but its agent's to stop.
    var instances =
        caches.instances().ofApp(namespace, name).stream()
            .filter(i -> i.madeFor(app.getMetadata().getUid()))
            .toList();
    return new WasmAppState(
        app,
        now,
        random.nextLong(),
        revision,
        image(app, revision, instances),
        spec.workload() instanceof HttpWorkload ? port(app, instances) : OptionalInt.empty(),
        instances,
        caches
            .nodes()
            .list()
            .map(n ->
                Node.of(n, caches.instances().usage(n.getMetadata().getName()), now, nodeGrace))
            .toList(),
        caches.services().get(namespace, name),
        caches.slices().get(namespace, name),
        jobRetryDelay);
  }

  /** A tag is resolved once a revision: what that gave is in the status and in the instances. */
  private Resolution image(WasmApp app, String revision, List<Instance> instances) {
    var status = WasmAppState.status(app);
    if (revision.equals(status.revision()) && status.image() != null) {
      images.forget(uid(app));
      return new Resolution.Resolved(status.image(), status.features());
    }
    Optional<Resolution> running =
        instances.stream()
            .filter(i -> i.revision().equals(revision))
            .findFirst()
            .map(i -> new Resolution.Resolved(i.image(), Template.features(i.object())));
    images.retain(() -> apps.get().map(Sources::uid).collect(Collectors.toSet()));
    return running.orElseGet(() -> images.of(app, revision));
  }

  private OptionalInt port(WasmApp app, List<Instance> instances) {
    var others =
        apps.get()
            .filter(other -> !uid(other).equals(uid(app)))
            .map(other -> new PortClaim(uid(other), since(other), claim(other).orElse(0)))
            .toList();
    var own = claim(app);
    if (own.isEmpty()) own = instances.stream().flatMapToInt(i -> i.port().stream()).findFirst();
    return ports.of(uid(app), since(app), own, others);
  }

  private static OptionalInt claim(WasmApp app) {
    var port = WasmAppState.status(app).port();
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  private static String uid(WasmApp app) {
    return app.getMetadata().getUid();
  }

  private static String since(WasmApp app) {
    return String.valueOf(app.getMetadata().getCreationTimestamp());
  }
}
