package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.EngineStatus;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmNodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What placement knows of a node, but for what runs there.
 *
 * @param ready whether its agent lives
 * @param lostFrom when its agent counts as gone, and with it all that ran there; null while it does
 *     not
 * @param unschedulable whether its owner wants nothing to run there
 * @param draining whether its agent is shutting down
 * @param memoryPressure whether its agent has too little memory for what it has
 * @param address where its app ports are reached
 */
public record Node(
    String name,
    boolean ready,
    @Nullable Instant lostFrom,
    boolean unschedulable,
    boolean draining,
    boolean memoryPressure,
    Map<String, String> labels,
    List<NodeTaint> taints,
    Room allocatable,
    Set<String> features,
    Set<String> cachedImages,
    @Nullable String address) {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  public Node {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    features = Set.copyOf(features);
    cachedImages = Set.copyOf(cachedImages);
  }

  /**
   * The node of an agent.
   *
   * @param host what the Kubernetes Node of the same name says, or nothing
   * @param taints of both
   * @param grace between its Ready condition turning False and its being lost
   */
  public static Node of(WasmNode node, Host host, List<NodeTaint> taints, Duration grace) {
    WasmNodeStatus status = node.getStatus() == null ? WasmNodeStatus.EMPTY : node.getStatus();
    @Nullable Condition ready = Condition.find(status.conditions(), "Ready").orElse(null);
    @Nullable EngineStatus engine = status.engine();
    var spec = node.getSpec();
    return new Node(
        node.getMetadata().getName(),
        ready != null && ready.isTrue(),
        node.getMetadata().getDeletionTimestamp() != null ? Instant.MIN : lostFrom(ready, grace),
        host.unschedulable() || (spec != null && Boolean.TRUE.equals(spec.unschedulable())),
        Boolean.TRUE.equals(status.draining())
            || (ready != null && ready.reason().equals(Reasons.DRAINING)),
        Boolean.TRUE.equals(status.memoryPressure()),
        labels(node, host),
        taints,
        Room.of(status.allocatable()),
        engine == null ? Set.of() : Set.copyOf(engine.features()),
        Set.copyOf(status.cachedImages()),
        status.address());
  }

  /** Those of the Kubernetes Node go before the agent's: they are the cluster owner's word. */
  private static Map<String, String> labels(WasmNode node, Host host) {
    @Nullable Map<String, String> own = node.getMetadata().getLabels();
    var labels = own == null ? new HashMap<String, String>() : new HashMap<>(own);
    labels.putIfAbsent(HOSTNAME, node.getMetadata().getName());
    labels.putAll(host.labels());
    return labels;
  }

  /** An agent whose Pod is not ready may still run what it has: only its silence is its end. */
  private static @Nullable Instant lostFrom(@Nullable Condition ready, Duration grace) {
    if (ready == null
        || !ready.status().equals(Condition.FALSE)
        || ready.reason().equals(Reasons.AGENT_NOT_READY)) return null;
    @Nullable String since = ready.lastTransitionTime();
    if (since == null) return Instant.MIN;
    boolean ended = ready.reason().equals(Reasons.LEASE_RELEASED); // by the agent's own word
    return ended ? Instant.parse(since) : Instant.parse(since).plus(grace);
  }

  /** Whether anything of it may drive instances away. */
  public boolean isToBeLeft() {
    return draining || unschedulable || !taints.isEmpty();
  }

  public boolean isLost(Instant now) {
    return lostFrom != null && !lostFrom.isAfter(now);
  }

  /** Whether {@code more} has room there beside what is {@code used}. */
  public boolean hasRoom(Room used, Room more) {
    return allocatable.hasRoom(used, more);
  }

  /** Whether its engine can run what is asked for. */
  boolean has(Demand demand) {
    return features.containsAll(demand.features());
  }

  /** Whether nothing differs but what is cached. */
  public boolean isLike(Node other) {
    return name.equals(other.name)
        && ready == other.ready
        && Objects.equals(lostFrom, other.lostFrom)
        && unschedulable == other.unschedulable
        && draining == other.draining
        && memoryPressure == other.memoryPressure
        && labels.equals(other.labels)
        && taints.equals(other.taints)
        && allocatable.equals(other.allocatable)
        && features.equals(other.features)
        && Objects.equals(address, other.address);
  }
}
