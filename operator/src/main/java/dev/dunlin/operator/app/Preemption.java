package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Demand;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import dev.dunlin.operator.placement.Placement;
import dev.dunlin.operator.placement.Room;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whose place one instance takes that finds no room: on one node, instances of a lower priority.
 *
 * @param victims to be deleted; empty where it is enough that some are going anyway
 * @param violations how many of them their apps can not do without
 */
record Preemption(Node node, List<Instance> victims, int violations) {
  /**
   * The node where the least is lost: by what apps can not do without, then the highest priority,
   * then the number, then the sum.
   */
  private static final Comparator<Preemption> LEAST_LOST =
      Comparator.<Preemption>comparingInt(it -> it.violations)
          .thenComparingInt(it -> it.highest())
          .thenComparingInt(it -> it.victims.size())
          .thenComparingLong(it -> it.victims.stream().mapToLong(Instance::priority).sum())
          .thenComparing(it -> it.node.name());

  Preemption {
    victims = List.copyOf(victims);
  }

  /**
   * The best way to make room; empty where none would.
   *
   * @param onNode what runs on a node, without what is to be deleted already for this plan
   * @param budgets what the apps of those can do without
   */
  static Optional<Preemption> of(
      Nodes nodes,
      Demand demand,
      Map<String, Integer> ofApp,
      int priority,
      Function<String, List<Instance>> onNode,
      Budgets budgets,
      Instant now) {
    return Placement.unlessFull(nodes, demand, ofApp, now).stream()
        .flatMap(node -> {
          var lower =
              onNode.apply(node.name()).stream()
                  .filter(i -> i.priority() < priority && !i.finished())
                  .sorted(LAST_TO_GO)
                  .toList();
          return on(node, nodes.used(node), demand, lower, budgets).stream();
        })
        .min(LEAST_LOST);
  }

  private static Optional<Preemption> on(
      Node node, Room used, Demand demand, List<Instance> lower, Budgets budgets) {
    var left = used;
    for (var instance : lower) left = left.minus(instance.room());
    if (!node.hasRoom(left, demand.room())) return Optional.empty();
    var staying = lower.stream().filter(i -> !i.terminating()).toList(); // the rest goes anyway
    var violated = budgets.violated(staying);
    var victims = new ArrayList<Instance>();
    var lastToGo = new LinkedHashSet<>(violated);
    lastToGo.addAll(staying);
    for (var instance : lastToGo) { // whoever need not go stays
      var with = left.plus(instance.room());
      if (node.hasRoom(with, demand.room())) left = with;
      else victims.add(instance);
    }
    int violations = (int) victims.stream().filter(violated::contains).count();
    return Optional.of(new Preemption(node, victims, violations));
  }

  /** The higher priorities stay rather, then what is ready, then the old. */
  private static final Comparator<Instance> LAST_TO_GO =
      Comparator.comparingInt(Instance::priority)
          .reversed()
          .thenComparing(i -> !i.ready())
          .thenComparing(Instance::created)
          .thenComparing(Instance::name);

  private int highest() {
    return victims.stream().mapToInt(Instance::priority).max().orElse(Integer.MIN_VALUE);
  }
}
