package dev.dunlin.operator.node;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The condition Drained of a node that is to be left: whether anything runs there still. */
final class Drained {
  static final String TYPE = "Drained";
  private static final int NAMED = 3;

  /**
   * What is to be said; nothing of a node that is not to be left.
   *
   * @param instances on it
   */
  static Optional<Condition> of(Node node, List<Instance> instances) {
    boolean tainted = node.taints().stream().anyMatch(it -> it.effect() == TaintEffect.NoExecute);
    if (!node.unschedulable() && !node.draining() && !tainted) return Optional.empty();
    var left = instances.stream().filter(i -> !i.finished()).toList();
    if (left.isEmpty())
      return Optional.of(
          condition(Condition.TRUE, Reasons.DRAINED, "Nothing runs on the node any more."));
    String names =
        left.stream()
            .limit(NAMED)
            .map(i -> i.namespace() + "/" + i.name())
            .sorted()
            .collect(Collectors.joining(", "));
    return Optional.of(
        condition(
            Condition.FALSE,
            Reasons.DRAINING,
            "%d instances are left, each until another is ready in its place: %s%s."
                .formatted(left.size(), names, left.size() > NAMED ? ", …" : "")));
  }

  private static Condition condition(String status, String reason, String message) {
    return new Condition(TYPE, status, reason, message, null, null);
  }

  private Drained() {}
}
