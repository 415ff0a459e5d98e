package dev.dunlin.operator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where instances go.
 *
 * @param nodes one name for each instance that found a place
 * @param missing how many found none
 * @param why in the words of kube-scheduler, for those that found none: "0/3 nodes are available: 1
 *     not ready, 2 insufficient memory."
 * @param lacking engine features that keep them off all ready nodes; empty where anything else does
 */
public record Placement(List<String> nodes, int missing, String why, Set<String> lacking) {
  public static final Placement NOTHING = new Placement(List.of(), 0, "", Set.of());

  public Placement {
    nodes = List.copyOf(nodes);
    lacking = Set.copyOf(lacking);
  }

  /**
   * Places {@code count} instances one after the other: on the fitting node with the fewest
   * instances of the app, then the most free memory (in tenths of what it has, so that small
   * differences leave a choice), then the module on its disk, then by name.
   *
   * @param ofApp how many instances of the app each node has
   */
  public static Placement of(
      List<Node> nodes, Demand demand, Map<String, Integer> ofApp, int count) {
    var free = new ArrayList<>(nodes);
    var mine = new HashMap<>(ofApp);
    var chosen = new ArrayList<String>();
    while (chosen.size() < count) {
      var best = free.stream().filter(n -> obstacle(n, demand).isEmpty()).min(order(mine, demand));
      if (best.isEmpty()) return failed(chosen, count - chosen.size(), free, demand);
      free.set(free.indexOf(best.get()), best.get().with(demand.memoryBytes()));
      mine.merge(best.get().name(), 1, Integer::sum);
      chosen.add(best.get().name());
    }
    return new Placement(chosen, 0, "", Set.of());
  }

  private static Placement failed(
      List<String> chosen, int missing, List<Node> nodes, Demand demand) {
    var lacking = lacking(nodes, demand);
    String what = lacking.isEmpty() ? "are available" : "run " + words(lacking);
    return new Placement(chosen, missing, why(nodes, demand, what), lacking);
  }

  /** What no ready node has; all that is asked for where each has only some of it. */
  private static Set<String> lacking(List<Node> nodes, Demand demand) {
    var ready = nodes.stream().filter(n -> n.ready() && !n.lost()).toList();
    if (ready.isEmpty() || ready.stream().anyMatch(n -> n.has(demand))) return Set.of();
    var nowhere =
        demand.features().stream()
            .filter(feature -> ready.stream().noneMatch(n -> n.features().contains(feature)))
            .collect(Collectors.toSet());
    return nowhere.isEmpty() ? demand.features() : nowhere;
  }

  private static String words(Set<String> features) {
    return features.contains("component")
        ? "components"
        : features.stream().sorted().collect(Collectors.joining(" and "));
  }

  private static Comparator<Node> order(Map<String, Integer> mine, Demand demand) {
    return Comparator.<Node>comparingInt(node -> mine.getOrDefault(node.name(), 0))
        .thenComparing(Node::freeTenths, Comparator.reverseOrder())
        .thenComparing(node -> !node.cachedImages().contains(demand.digest()))
        .thenComparing(Node::name);
  }

  /** The first thing that keeps the instance off the node. */
  private static Optional<String> obstacle(Node node, Demand demand) {
    if (!node.ready() || node.lost()) return Optional.of("not ready");
    if (node.draining()) return Optional.of("draining");
    if (node.unschedulable()) return Optional.of("unschedulable");
    if (!node.labels().entrySet().containsAll(demand.nodeSelector().entrySet()))
      return Optional.of("didn't match the nodeSelector");
    if (!node.has(demand))
      return Optional.of("without engine feature " + missingFeatures(node, demand));
    if (node.used().instances() >= node.instances()) return Optional.of("too many instances");
    if (!node.fits(demand)) return Optional.of("insufficient memory");
    return Optional.empty();
  }

  private static String missingFeatures(Node node, Demand demand) {
    return demand.features().stream()
        .filter(feature -> !node.features().contains(feature))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String why(List<Node> nodes, Demand demand, String what) {
    if (nodes.isEmpty()) return "0/0 nodes are available: no agent has registered a WasmNode.";
    var counts = new TreeMap<String, Integer>();
    for (var node : nodes)
      counts.merge(obstacle(node, demand).orElse("available"), 1, Integer::sum);
    return "0/%d nodes %s: %s."
        .formatted(
            nodes.size(),
            what,
            counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", ")));
  }
}
