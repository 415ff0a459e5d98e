package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Usage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says which apps a change concerns. Changes of one instance are told at once; those that concern
 * many apps are gathered for a moment first.
 */
public final class Changes implements AutoCloseable {
  private static final Duration GATHERING = Duration.ofMillis(50);

  private final Instances instances;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-changes").factory());
  private final Set<ResourceID> waiting = ConcurrentHashMap.newKeySet();
  private final Set<String> changedNodes = new HashSet<>(); // guarded by itself
  private boolean gathering; // guarded by changedNodes
  private volatile Consumer<ResourceID> concerned = id -> {};

  public Changes(Instances instances) {
    this.instances = instances;
  }

  /** From now on changes are told to that consumer. */
  void tell(Consumer<ResourceID> listener) {
    concerned = listener;
  }

  /** Remembers whether an app waits for room on some node. */
  public void waits(WasmApp app, boolean forRoom) {
    var id = ResourceID.fromResource(app);
    if (forRoom) waiting.add(id);
    else waiting.remove(id);
  }

  /** An app that is no more waits for nothing. */
  void gone(ResourceID id) {
    waiting.remove(id);
  }

  /** A pass did not take the room it had reserved: another app may wait for it. */
  public void roomLeft() {
    gather(null);
  }

  /** How many apps wait for room. */
  public int waiting() {
    return waiting.size();
  }

  /** Something outside the cluster has changed for an app. */
  public void app(String namespace, String name) {
    concerned.accept(new ResourceID(name, namespace));
  }

  void instance(@Nullable WasmInstance before, @Nullable WasmInstance after) {
    @Nullable WasmInstance any = after == null ? before : after;
    if (any == null || isIdle(before, after)) return;
    app(any.getMetadata().getNamespace(), any.getSpec().appName());
    boolean roomLeft =
        before != null
            && !Instance.of(before).finished()
            && (after == null || Instance.of(after).finished());
    if (roomLeft) gather(null);
  }

  /** Whether an update says nothing that a pass would look at (memory in use, say). */
  private static boolean isIdle(@Nullable WasmInstance before, @Nullable WasmInstance after) {
    if (before == null || after == null) return false;
    var was = before.getStatus() == null ? WasmInstanceStatus.EMPTY : before.getStatus();
    var is = after.getStatus() == null ? WasmInstanceStatus.EMPTY : after.getStatus();
    return was.phase() == is.phase()
        && Objects.equals(was.ready(), is.ready())
        && Objects.equals(was.lastTermination(), is.lastTermination())
        && was.conditions().equals(is.conditions())
        && Objects.equals(
            before.getMetadata().getDeletionTimestamp(),
            after.getMetadata().getDeletionTimestamp());
  }

  void node(@Nullable WasmNode before, @Nullable WasmNode after) {
    @Nullable WasmNode any = after == null ? before : after;
    if (any == null) return;
    if (before != null && after != null && facts(before).isLike(facts(after))) return;
    gather(any.getMetadata().getName());
  }

  /** A node was lost or has come back, by the passing of time alone. */
  public void node(String name) {
    gather(name);
  }

  private static Node facts(WasmNode node) {
    return Node.of(node, Usage.NONE, Instant.MAX, Duration.ZERO);
  }

  /** An object that is named like its app. */
  void named(@Nullable HasMetadata before, @Nullable HasMetadata after) {
    @Nullable HasMetadata any = after == null ? before : after;
    if (any != null) app(any.getMetadata().getNamespace(), any.getMetadata().getName());
  }

  private void gather(@Nullable String node) {
    synchronized (changedNodes) {
      if (node != null) changedNodes.add(node);
      if (gathering || timer.isShutdown()) return;
      gathering = true;
      var _ = timer.schedule(this::tellAll, gatheringMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Room is offered to all that wait: the more they are, the less often. */
  private long gatheringMillis() {
    return GATHERING.toMillis() + waiting.size();
  }

  private void tellAll() {
    Set<String> nodes;
    synchronized (changedNodes) {
      nodes = Set.copyOf(changedNodes);
      changedNodes.clear();
      gathering = false;
    }
    var apps = new HashSet<>(waiting);
    for (String node : nodes)
      for (var instance : instances.onNode(node))
        apps.add(
            new ResourceID(instance.getSpec().appName(), instance.getMetadata().getNamespace()));
    apps.forEach(concerned);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
