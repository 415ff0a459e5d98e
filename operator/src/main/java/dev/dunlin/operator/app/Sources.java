package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.http.AppService;
import dev.dunlin.operator.image.ImageResolver;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.port.AppPorts;
import dev.dunlin.operator.port.PortClaim;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
        caches.nodes(now, nodeGrace),
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
