package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmQuota;
import dev.dunlin.operator.cron.CronJobs;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.instance.Instances;
import dev.dunlin.operator.placement.Host;
import dev.dunlin.operator.placement.Node;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
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
  private final Map<ResourceID, Integer> waiting = new ConcurrentHashMap<>(); // by priority
  private final Set<String> changedNodes = new HashSet<>(); // guarded by itself
  private boolean gathering; // guarded by changedNodes
  private volatile Consumer<ResourceID> concerned = id -> {};
  private volatile Runnable agentPods = () -> {};
  private final Pace runs = new Pace(timer, id -> concerned.accept(id), System::nanoTime);

  public Changes(Instances instances) {
    this.instances = instances;
  }

  /** From now on changes are told to that consumer. */
  void tell(Consumer<ResourceID> listener) {
    concerned = listener;
  }

  /** From now on that is run when an agent's Pod has changed. */
  public void tellAgentPods(Runnable listener) {
    agentPods = listener;
  }

  /** Remembers whether an app waits for room on some node; the highest priority is told first. */
  public void waits(WasmApp app, boolean forRoom, int priority) {
    var id = ResourceID.fromResource(app);
    if (forRoom) waiting.put(id, priority);
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

  /** A cron app's job is there, is over, or is gone. */
  void cronJob(@Nullable WasmApp before, @Nullable WasmApp after) {
    @Nullable WasmApp any = after == null ? before : after;
    if (any != null && CronJobs.differ(before, after))
      app(any.getMetadata().getNamespace(), CronJobs.cronOf(any));
  }

  /** Something outside the cluster has changed for an app. */
  public void app(String namespace, String name) {
    concerned.accept(new ResourceID(name, namespace));
  }

  void instance(@Nullable WasmInstance before, @Nullable WasmInstance after) {
    @Nullable WasmInstance any = after == null ? before : after;
    if (any == null || isIdle(before, after)) return;
    var id = new ResourceID(any.getSpec().appName(), any.getMetadata().getNamespace());
    if (Instance.of(any).run().isPresent()) runs.tell(id);
    else concerned.accept(id);
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
    if (before != null
        && after != null
        && facts(before).isLike(facts(after))
        && Objects.equals(before.getSpec(), after.getSpec())) return;
    gather(any.getMetadata().getName());
  }

  /** The Kubernetes Node that an agent is on; its kubelet writes to it all the time. */
  void host(
      io.fabric8.kubernetes.api.model.@Nullable Node before,
      io.fabric8.kubernetes.api.model.@Nullable Node after,
      Function<String, Stream<String>> agentsOn) {
    var any = after == null ? before : after;
    if (any == null || Host.of(before).equals(Host.of(after))) return;
    agentsOn.apply(any.getMetadata().getName()).forEach(this::gather);
  }

  void agentPod() {
    agentPods.run();
  }

  /** What was held by a quota may be made now. */
  void quota(@Nullable WasmQuota before, @Nullable WasmQuota after) {
    boolean same =
        before != null
            && after != null
            && Objects.equals(
                before.getMetadata().getGeneration(), after.getMetadata().getGeneration());
    if (!same) gather(null);
  }

  /** A node was lost or has come back, by the passing of time alone. */
  public void node(String name) {
    gather(name);
  }

  private static Node facts(WasmNode node) {
    return Node.of(node, Host.NONE, List.of(), Duration.ZERO);
  }

  /** An object that is named like its app. */
  void named(@Nullable HasMetadata before, @Nullable HasMetadata after) {
    @Nullable HasMetadata any = after == null ? before : after;
    if (any != null) app(any.getMetadata().getNamespace(), any.getMetadata().getName());
  }

  /** A template that is kept of an app. */
  void revision(@Nullable HasMetadata before, @Nullable HasMetadata after) {
    @Nullable HasMetadata any = after == null ? before : after;
    if (any == null) return;
    @Nullable String app = any.getMetadata().getLabels().get(Api.APP_LABEL);
    if (app != null) app(any.getMetadata().getNamespace(), app);
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
    var apps = new LinkedHashSet<ResourceID>(); // who has lost something before who waits
    for (String node : nodes)
      for (var instance : instances.onNode(node))
        apps.add(
            new ResourceID(instance.getSpec().appName(), instance.getMetadata().getNamespace()));
    waiting.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .forEach(apps::add);
    apps.forEach(concerned);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
