package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.TaintEffect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes for tests: ready, with 1000 MiB, 4 cores and room for 10 instances. */
public final class ANode {
  public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final String name;
  private final Map<String, String> labels = new HashMap<>();
  private final List<NodeTaint> taints = new ArrayList<>();
  private Set<String> cached = Set.of();
  private boolean ready = true;
  private boolean unschedulable;
  private boolean draining;
  private boolean memoryPressure;
  private @Nullable Instant lostFrom;

  private ANode(String name) {
    this.name = name;
  }

  public static ANode named(String name) {
    return new ANode(name).label("kubernetes.io/hostname", name);
  }

  public ANode label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  public ANode taint(String key, String value, TaintEffect effect) {
    taints.add(new NodeTaint(key, value, effect, NOW));
    return this;
  }

  public ANode cached(String digest) {
    cached = Set.of(digest);
    return this;
  }

  public ANode notReady() {
    ready = false;
    return this;
  }

  public ANode lost() {
    lostFrom = NOW;
    return notReady();
  }

  public ANode cordoned() {
    unschedulable = true;
    return this;
  }

  public ANode draining() {
    draining = true;
    return this;
  }

  public ANode memoryPressure() {
    memoryPressure = true;
    return this;
  }

  public Node build() {
    return new Node(
        name,
        ready,
        lostFrom,
        unschedulable,
        draining,
        memoryPressure,
        labels,
        taints,
        new Room(1000L << 20, 4000, 10),
        Set.of("wasi:p1"),
        cached,
        "192.0.2.1");
  }

  /** Nodes on which nothing runs. */
  public static Nodes all(ANode... nodes) {
    return using(Map.of(), nodes);
  }

  /** Nodes on which that much is in use. */
  public static Nodes using(Map<String, Room> used, ANode... nodes) {
    return new Nodes(
        Arrays.stream(nodes)
            .map(ANode::build)
            .collect(Collectors.toMap(Node::name, Function.identity())),
        name -> used.getOrDefault(name, Room.NONE));
  }

  public static Room mebibytes(long memory, int instances) {
    return new Room(memory << 20, 0, instances);
  }
}
