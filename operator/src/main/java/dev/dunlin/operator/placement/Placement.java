package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where instances go.
 *
 * @param nodes one name for each instance that found a place
 * @param missing how many found none
 * @param reason of those that found none, for a condition
 * @param why in the words of kube-scheduler, for those that found none: "0/3 nodes are available: 1
 *     not ready, 2 Insufficient memory."
 * @param lacking engine features that keep them off all ready nodes; empty where anything else does
 */
public record Placement(
    List<String> nodes, int missing, String reason, String why, Set<String> lacking) {
  public static final Placement NOTHING = new Placement(List.of(), 0, "", "", Set.of());

  public Placement {
    nodes = List.copyOf(nodes);
    lacking = Set.copyOf(lacking);
  }

  /**
   * Places {@code count} instances one after the other, each on the best of the nodes that will do
   * ({@link Candidates}).
   *
   * @param ofApp how many instances of the app each node has
   */
  public static Placement of(
      Nodes nodes, Demand demand, Map<String, Integer> ofApp, int count, Instant now) {
    if (count <= 0) return NOTHING;
    var candidates = new Candidates(nodes, demand, ofApp, now);
    var chosen = new ArrayList<String>();
    while (chosen.size() < count) {
      @Nullable Node best = candidates.take();
      if (best == null)
        return failed(chosen, count - chosen.size(), nodes.all(), demand, candidates, now);
      chosen.add(best.name());
    }
    return new Placement(chosen, 0, "", "", Set.of());
  }

  /** The nodes that an instance could be on if only there was room. */
  public static List<Node> unlessFull(
      Nodes nodes, Demand demand, Map<String, Integer> ofApp, Instant now) {
    return new Candidates(nodes, demand, ofApp, now).unlessFull();
  }

  private static Placement failed(
      List<String> chosen,
      int missing,
      Collection<Node> nodes,
      Demand demand,
      Candidates candidates,
      Instant now) {
    var lacking = lacking(nodes, demand, now);
    String why =
        nodes.isEmpty()
            ? "0/0 nodes are available: no agent has registered a WasmNode."
            : "0/%d nodes %s: %s."
                .formatted(
                    nodes.size(),
                    lacking.isEmpty() ? "are available" : "run " + words(lacking),
                    Obstacles.summed(nodes, candidates::obstacles));
    String reason = lacking.isEmpty() ? Reasons.UNSCHEDULABLE : Reasons.NO_NODE_WITH_FEATURES;
    return new Placement(chosen, missing, reason, why, lacking);
  }

  /** What no ready node has; all that is asked for where each has only some of it. */
  private static Set<String> lacking(Collection<Node> nodes, Demand demand, Instant now) {
    var ready = nodes.stream().filter(n -> n.ready() && !n.isLost(now)).toList();
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

  /** What to do about features that are lacking; empty where none are. */
  public String advice() {
    if (lacking.isEmpty()) return "";
    return lacking.contains("component")
        ? " Run an agent with the native engine, or build the module for WASI preview 1."
        : " Run an agent whose engine has it.";
  }
}
