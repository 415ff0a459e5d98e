package dev.dunlin.operator.app;

import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Demand;
import dev.dunlin.operator.placement.Memory;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places that one plan hands out, so that it gives none away twice. Used by one plan only. */
final class Seats {
  /** What a module is taken to need of which nobody told: what most modules do. */
  private static final Set<String> USUAL_FEATURES = Set.of("wasi:p1");

  private final WasmAppState state;
  private final Map<String, Integer> ofApp = new HashMap<>();
  private @Nullable List<Node> nodes;
  private Placement failed = Placement.NOTHING;

  Seats(WasmAppState state) {
    this.state = state;
    for (var instance : state.alive())
      if (!instance.finished()) ofApp.merge(instance.node(), 1, Integer::sum);
  }

  /** Nodes for that many instances of the current template, or for as many as possible. */
  List<String> current(Resolved image, int count) {
    return seats(ofCurrent(image), count);
  }

  /** A node for an instance like that one, by what its own template asked for; or none. */
  List<String> like(Instance lost) {
    var image = new Resolved(lost.image(), Template.features(lost.object()));
    return seats(demand(image, Template.nodeSelector(lost.object()), lost.memoryBytes()), 1);
  }

  /**
   * Which of {@code broken} have to go so that {@code count} instances of the current template find
   * a place; none of those whose going would not help.
   */
  List<Instance> freeing(List<Instance> broken, Resolved image, int count) {
    var demand = ofCurrent(image);
    var going = new ArrayList<Instance>();
    int found = 0;
    for (var node : nodes()) {
      var free = node;
      var tried = new ArrayList<Instance>();
      for (var instance : broken) {
        if (found == count) return going;
        if (!instance.node().equals(node.name())) continue;
        tried.add(instance);
        free = free.without(instance.memoryBytes());
        if (Placement.of(List.of(free), demand, ofApp, 1).missing() > 0) continue;
        free = free.with(demand.memoryBytes());
        going.addAll(tried);
        tried.clear();
        found++;
      }
    }
    return going;
  }

  private List<Node> nodes() {
    if (nodes == null) nodes = state.nodes().all();
    return nodes;
  }

  private List<String> seats(Demand demand, int count) {
    if (count <= 0) return List.of();
    var placement = Placement.of(nodes(), demand, ofApp, count);
    for (String name : placement.nodes()) {
      ofApp.merge(name, 1, Integer::sum);
      nodes =
          nodes().stream()
              .map(n -> n.name().equals(name) ? n.with(demand.memoryBytes()) : n)
              .toList();
    }
    if (placement.missing() > 0)
      failed =
          new Placement(
              List.of(),
              failed.missing() + placement.missing(),
              placement.why(),
              placement.lacking());
    return placement.nodes();
  }

  private Demand ofCurrent(Resolved image) {
    var spec = state.spec();
    return demand(image, spec.nodeSelector(), Memory.requested(spec.resources()));
  }

  private static Demand demand(Resolved image, Map<String, String> nodeSelector, long memoryBytes) {
    String digest = image.image().substring(image.image().indexOf('@') + 1);
    var features = image.features().isEmpty() ? USUAL_FEATURES : Set.copyOf(image.features());
    return new Demand(nodeSelector, memoryBytes, features, digest);
  }

  /** What found no place so far, and why. */
  Placement placement() {
    return failed;
  }
}
