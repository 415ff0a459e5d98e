package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.TopologySpreadConstraint;
import dev.dunlin.api.v1alpha1.UnsatisfiableConstraintAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How evenly the instances of an app are over the domains of its topologySpreadConstraints, while
 * some are being placed. Domains are made by the nodes that match the app's node selector and
 * affinity, whatever their taints (kube-scheduler's defaults for nodeAffinityPolicy and
 * nodeTaintsPolicy). Mutable; of one placement.
 */
final class Spread {
  static final String UNEVEN = "didn't match topology spread constraints";
  static final String NO_LABEL = UNEVEN + " (missing required label)";

  private final List<Domains> hard = new ArrayList<>();
  private final List<Domains> soft = new ArrayList<>();

  /**
   * The state before.
   *
   * @param nodes that match
   * @param ofApp how many instances of the app a node has
   */
  Spread(List<TopologySpreadConstraint> constraints, List<Node> nodes, ToIntFunction<Node> ofApp) {
    for (var constraint : constraints)
      (constraint.whenUnsatisfiable() == UnsatisfiableConstraintAction.DoNotSchedule ? hard : soft)
          .add(new Domains(constraint));
    for (var domains : hard) domains.count(nodes, hard, ofApp);
    for (var domains : soft) domains.count(nodes, soft, ofApp);
  }

  /** What stands against one more instance on a node; null where nothing does. */
  @Nullable String obstacle(Node node) {
    for (var domains : hard) if (domains.of(node) == null) return NO_LABEL;
    for (var domains : hard) if (!domains.haveRoom(node)) return UNEVEN;
    return null;
  }

  boolean isSoft() {
    return !soft.isEmpty();
  }

  /** How many instances the node's domains have by now; -1 where it is in none. */
  int crowd(Node node) {
    int crowd = 0;
    for (var domains : soft) {
      @Nullable String domain = domains.of(node);
      if (domain == null) return -1;
      crowd += domains.counts.getOrDefault(domain, 0);
    }
    return crowd;
  }

  /** One more is there. */
  void placed(Node node) {
    hard.forEach(domains -> domains.placed(node));
    soft.forEach(domains -> domains.placed(node));
  }

  private static final class Domains {
    private final TopologySpreadConstraint constraint;
    private final Map<String, Integer> counts = new HashMap<>();
    private int least;

    Domains(TopologySpreadConstraint constraint) {
      this.constraint = constraint;
    }

    @Nullable String of(Node node) {
      return node.labels().get(constraint.topologyKey());
    }

    /** Only nodes with the labels of all constraints count. */
    void count(List<Node> nodes, List<Domains> all, ToIntFunction<Node> ofApp) {
      for (var node : nodes) {
        if (all.stream().anyMatch(it -> it.of(node) == null)) continue;
        counts.merge(String.valueOf(of(node)), ofApp.applyAsInt(node), Integer::sum);
      }
      findLeast();
    }

    boolean haveRoom(Node node) {
      int with = counts.getOrDefault(String.valueOf(of(node)), 0) + 1;
      return with - least <= constraint.maxSkew();
    }

    void placed(Node node) {
      @Nullable String domain = of(node);
      if (domain == null) return;
      counts.merge(domain, 1, Integer::sum);
      findLeast();
    }

    private void findLeast() {
      @Nullable Integer wanted = constraint.minDomains();
      least =
          wanted != null && counts.size() < wanted
              ? 0
              : counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    }
  }
}
