package dev.dunlin.operator.volume;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.VolumePhase;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmVolume;
import dev.dunlin.api.v1alpha1.WasmVolumeStatus;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.event.Happening;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all WasmVolumes every half second, from memory, and writes what has changed of them:
 * status, Events, and the finalizer. Where there are no WasmVolumes it does nothing.
 */
public final class VolumeKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeKeeper.class);
  private static final long EVERY_MILLIS = 500;

  private final Volumes volumes;
  private final VolumeWrites writes;
  private final Supplier<Collection<Node>> nodes;
  private final BiFunction<String, String, Optional<WasmApp>> apps;
  private final Supplier<List<WasmInstance>> instances;
  private final Events events;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-volumes").factory());

  /**
   * Prepares it.
   *
   * @param nodes all that have a WasmNode
   * @param apps by namespace and name
   * @param instances all that exist
   */
  public VolumeKeeper(
      KubernetesClient client,
      Volumes volumes,
      Supplier<Collection<Node>> nodes,
      BiFunction<String, String, Optional<WasmApp>> apps,
      Supplier<List<WasmInstance>> instances,
      Events events,
      Clock clock) {
    this.volumes = volumes;
    this.writes = new VolumeWrites(client, volumes);
    this.nodes = nodes;
    this.apps = apps;
    this.instances = instances;
    this.events = events;
    this.clock = clock;
  }

  public void start() {
    var _ = timer.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      volumes.retain((namespace, app) -> apps.apply(namespace, app).isPresent());
      var all = volumes.all();
      if (all.isEmpty()) return;
      var look = new Look(nodes.get());
      for (WasmVolume volume : all) look(volume, look);
    } catch (RuntimeException e) {
      LOG.error("WasmVolumes could not be looked at; it is tried again", e);
    }
  }

  /** What is refused for one volume keeps no other from being looked at. */
  private void look(WasmVolume volume, Look look) {
    try {
      apply(volume, VolumePlan.of(volume, facts(volume, look)));
    } catch (KubernetesClientException e) {
      if (VolumeWrites.isConflict(e)) return; // the watch will tell what is so
      LOG.warn(
          "WasmVolume {}/{} could not be written; it is tried again: {}",
          volume.getMetadata().getNamespace(),
          volume.getMetadata().getName(),
          e.getMessage());
    }
  }

  private void apply(WasmVolume volume, VolumePlan plan) {
    var before = VolumeView.status(volume);
    var now = volume;
    if (plan.keep() != null) now = keep(volume, plan.keep());
    if (!plan.status().equals(before)) {
      writes.status(now, plan.status());
      tell(volume, before, plan.status());
    }
  }

  private WasmVolume keep(WasmVolume volume, boolean keep) {
    var finalizers = new ArrayList<>(volume.getMetadata().getFinalizers());
    finalizers.remove(Api.VOLUME_FINALIZER);
    if (keep) finalizers.add(Api.VOLUME_FINALIZER);
    return writes.finalizers(volume, finalizers);
  }

  private void tell(WasmVolume volume, WasmVolumeStatus before, WasmVolumeStatus now) {
    for (var condition : now.conditions()) {
      @Nullable Condition was = Condition.find(before.conditions(), condition.type()).orElse(null);
      if (was != null
          && was.reason().equals(condition.reason())
          && was.message().equals(condition.message())) continue;
      boolean lost = now.phase() == VolumePhase.Lost;
      events.say(
          volume,
          lost
              ? Happening.warning(condition.reason(), condition.message())
              : Happening.normal(condition.reason(), condition.message()));
    }
  }

  private VolumePlan.Facts facts(WasmVolume volume, Look look) {
    Optional<String> offers = VolumeView.isShared(volume) ? look.shared : look.local;
    @Nullable String node = VolumeView.status(volume).nodeName();
    return new VolumePlan.Facts(
        offers.isPresent(),
        VolumeView.isShared(volume) ? offers : Optional.empty(),
        isThere(volume, node == null ? null : look.nodes.get(node)),
        isClaimed(volume),
        isInUse(volume, look),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** A shared volume's files may be removed by any node. */
  private static boolean isThere(WasmVolume volume, @Nullable Node node) {
    return node != null && (node.ready() || !VolumeView.isShared(volume));
  }

  private boolean isClaimed(WasmVolume volume) {
    @Nullable String app = VolumeView.status(volume).usedBy();
    return app != null
        && apps.apply(volume.getMetadata().getNamespace(), app)
            .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
            .filter(it ->
                VolumeView.names(it.getSpec().volumes()).contains(volume.getMetadata().getName()))
            .isPresent();
  }

  /** Asked only of volumes that nobody claims, or that are going. */
  private boolean isInUse(WasmVolume volume, Look look) {
    boolean asked =
        volume.getMetadata().getDeletionTimestamp() != null
            || (VolumeView.status(volume).usedBy() != null && !isClaimed(volume));
    return asked
        && look.used()
            .contains(name(volume.getMetadata().getNamespace(), volume.getMetadata().getName()));
  }

  private static String name(String namespace, String volume) {
    return namespace + "/" + volume;
  }

  /** What one look at all volumes finds out once. */
  private final class Look {
    private final Map<String, Node> nodes;
    private final Optional<String> local;
    private final Optional<String> shared;
    private @Nullable Set<String> used;

    Look(Collection<Node> all) {
      nodes = all.stream().collect(Collectors.toMap(Node::name, Function.identity()));
      local = offering(VolumeView.LOCAL);
      shared = offering(VolumeView.SHARED);
    }

    private Optional<String> offering(String feature) {
      return nodes.values().stream()
          .filter(node -> node.ready() && node.features().contains(feature))
          .map(Node::name)
          .min(Comparator.naturalOrder());
    }

    /** The volumes of instances that are not finished; all instances are read for it. */
    Set<String> used() {
      @Nullable Set<String> known = used;
      if (known != null) return known;
      var now =
          instances.get().stream()
              .filter(it -> !Instance.of(it).finished())
              .flatMap(it ->
                  VolumeView.names(it.getSpec().volumes()).stream()
                      .map(volume -> name(it.getMetadata().getNamespace(), volume)))
              .collect(Collectors.toSet());
      used = now;
      return now;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
