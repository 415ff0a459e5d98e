package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Demand;
import dev.dunlin.operator.placement.Memory;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Placement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The places that one plan hands out, so that it gives none away twice. Used by one plan only. */
final class Seats {
  /** What every module needs that agents run so far: a core module that speaks WASI preview 1. */
  private static final Set<String> FEATURES = Set.of("wasi:p1");

  private final WasmAppState state;
  private final Map<String, Integer> ofApp = new HashMap<>();
  private List<Node> nodes;
  private Placement failed = Placement.NOTHING;

  Seats(WasmAppState state) {
    this.state = state;
    this.nodes = state.nodes();
    for (var instance : state.alive())
      if (!instance.finished()) ofApp.merge(instance.node(), 1, Integer::sum);
  }

  /** Nodes for that many instances of the current template, or for as many as possible. */
  List<String> current(String image, int count) {
    return seats(image, Memory.requested(state.spec().resources()), count);
  }

  /** A node for an instance like that one, or none. */
  List<String> like(Instance lost) {
    return seats(lost.image(), lost.memoryBytes(), 1);
  }

  private List<String> seats(String image, long memoryBytes, int count) {
    if (count <= 0) return List.of();
    String digest = image.substring(image.indexOf('@') + 1);
    var demand = new Demand(state.spec().nodeSelector(), memoryBytes, FEATURES, digest);
    var placement = Placement.of(nodes, demand, ofApp, count);
    for (String name : placement.nodes()) {
      ofApp.merge(name, 1, Integer::sum);
      nodes = nodes.stream().map(n -> n.name().equals(name) ? n.with(memoryBytes) : n).toList();
    }
    if (placement.missing() > 0)
      failed = new Placement(List.of(), failed.missing() + placement.missing(), placement.why());
    return placement.nodes();
  }

  /** What found no place so far, and why. */
  Placement placement() {
    return failed;
  }
}
