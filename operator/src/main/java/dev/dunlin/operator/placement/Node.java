package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.EngineStatus;
import dev.dunlin.api.v1alpha1.NodeResources;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmNodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What placement knows of a WasmNode.
 *
 * @param ready whether its agent lives
 * @param lost whether its agent is gone, and with it all that ran there
 * @param unschedulable whether its owner keeps new instances away
 * @param draining whether its agent is shutting down
 * @param address where its app ports are reached
 */
public record Node(
    String name,
    boolean ready,
    boolean lost,
    boolean unschedulable,
    boolean draining,
    Map<String, String> labels,
    long memoryBytes,
    int instances,
    Usage used,
    Set<String> features,
    Set<String> cachedImages,
    @Nullable String address) {

  public Node {
    labels = Map.copyOf(labels);
    features = Set.copyOf(features);
    cachedImages = Set.copyOf(cachedImages);
  }

  /**
   * The node at {@code now}. It is lost once its Ready condition has been False for {@code grace}.
   */
  public static Node of(WasmNode node, Usage used, Instant now, Duration grace) {
    WasmNodeStatus status = node.getStatus() == null ? WasmNodeStatus.EMPTY : node.getStatus();
    @Nullable Condition ready = Condition.find(status.conditions(), "Ready").orElse(null);
    @Nullable EngineStatus engine = status.engine();
    @Nullable NodeResources allocatable = status.allocatable();
    @Nullable Map<String, String> labels = node.getMetadata().getLabels();
    var spec = node.getSpec();
    return new Node(
        node.getMetadata().getName(),
        ready != null && ready.isTrue(),
        node.getMetadata().getDeletionTimestamp() != null || isLost(ready, now, grace),
        spec != null && Boolean.TRUE.equals(spec.unschedulable()),
        Boolean.TRUE.equals(status.draining()),
        labels == null ? Map.of() : labels,
        allocatable == null ? 0 : Memory.bytes(allocatable.memory()),
        allocatable == null ? 0 : allocatable.instances(),
        used,
        engine == null ? Set.of() : Set.copyOf(engine.features()),
        Set.copyOf(status.cachedImages()),
        status.address());
  }

  private static boolean isLost(@Nullable Condition ready, Instant now, Duration grace) {
    if (ready == null || !ready.status().equals(Condition.FALSE)) return false;
    @Nullable String since = ready.lastTransitionTime();
    return since == null || !Instant.parse(since).plus(grace).isAfter(now);
  }

  /** Whether its engine can run what is asked for. */
  boolean has(Demand demand) {
    return features.containsAll(demand.features());
  }

  boolean fits(Demand demand) {
    return demand.memoryBytes() <= memoryBytes - used.memoryBytes(); // a sum could overflow
  }

  /** Whether nothing differs but what is used and cached. */
  public boolean isLike(Node other) {
    return name.equals(other.name)
        && ready == other.ready
        && lost == other.lost
        && unschedulable == other.unschedulable
        && draining == other.draining
        && labels.equals(other.labels)
        && memoryBytes == other.memoryBytes
        && instances == other.instances
        && features.equals(other.features)
        && Objects.equals(address, other.address);
  }

  long freeTenths() {
    return memoryBytes == 0 ? 0 : (memoryBytes - used.memoryBytes()) * 10 / memoryBytes;
  }

  /** This node once an instance that takes {@code memory} is on it. */
  public Node with(long memory) {
    return using(used.plus(memory));
  }

  /** This node once an instance that takes {@code memory} has left it. */
  public Node without(long memory) {
    return using(used.minus(memory));
  }

  /** This node when that is taken of it. */
  public Node using(Usage newUsed) {
    return new Node(
        name,
        ready,
        lost,
        unschedulable,
        draining,
        labels,
        memoryBytes,
        instances,
        newUsed,
        features,
        cachedImages,
        address);
  }
}
