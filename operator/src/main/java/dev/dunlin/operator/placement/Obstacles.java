package dev.dunlin.operator.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What keeps an instance off a node, in kube-scheduler's words where it has them. */
final class Obstacles {
  static final String TOO_MANY = "Too many instances";
  static final String MEMORY = "Insufficient memory";
  static final String CPU = "Insufficient cpu";

  /** What no room and no spreading changes; null where nothing stands against the node. */
  static @Nullable String of(Node node, Demand demand, Instant now) {
    if (!node.ready() || node.isLost(now)) return "not ready";
    if (node.draining()) return "draining";
    var choice = demand.choice();
    if (node.unschedulable() && !Tolerations.tolerateCordon(choice.tolerations()))
      return "unschedulable";
    if (demand.pinned().isPresent() && !demand.pinned().get().equals(node.name()))
      return "had volume node affinity conflict";
    if (!node.taints().isEmpty()) {
      @Nullable NodeTaint taint = Tolerations.obstacle(node, choice.tolerations());
      if (taint != null) return "had untolerated taint " + taint;
    }
    if (!choice.matches(node)) return "didn't match the node affinity/selector";
    if (!node.has(demand)) return "without engine feature " + missingFeatures(node, demand);
    return node.memoryPressure() ? "had memory pressure" : null;
  }

  /** What a node has too little of: as with Pods, all of it is said. */
  static List<String> lacks(Room has, Room used, Room more) {
    var lacks = new ArrayList<String>();
    if (!has.hasInstances(used, more)) lacks.add(TOO_MANY);
    if (!has.hasCpu(used, more)) lacks.add(CPU);
    if (!has.hasMemory(used, more)) lacks.add(MEMORY);
    return lacks;
  }

  private static String missingFeatures(Node node, Demand demand) {
    return demand.features().stream()
        .filter(feature -> !node.features().contains(feature))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** How many nodes have each obstacle: {@code 1 draining, 2 Insufficient memory}. */
  static String summed(Iterable<Node> nodes, Function<Node, List<String>> obstacles) {
    var counts = new TreeMap<String, Integer>();
    for (var node : nodes)
      for (var obstacle : obstacles.apply(node)) counts.merge(obstacle, 1, Integer::sum);
    return counts.entrySet().stream()
        .map(it -> it.getValue() + " " + it.getKey())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private Obstacles() {}
}
