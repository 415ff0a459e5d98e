package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.NodeSelector;
import dev.dunlin.api.v1alpha1.NodeSelectorRequirement;
import dev.dunlin.api.v1alpha1.NodeSelectorTerm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a node is one that a selector speaks of; as kube-scheduler's. */
final class NodeMatch {
  private static final String NAME_FIELD = "metadata.name";

  /** Whether one of its terms matches. */
  static boolean matches(NodeSelector selector, Node node) {
    for (var term : selector.nodeSelectorTerms()) if (matches(term, node)) return true;
    return false;
  }

  /** Whether all that a term requires is so; a term that requires nothing matches nothing. */
  static boolean matches(NodeSelectorTerm term, Node node) {
    if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) return false;
    for (var it : term.matchExpressions())
      if (!matches(it, node.labels().get(it.key()))) return false;
    for (var it : term.matchFields())
      if (!matches(it, it.key().equals(NAME_FIELD) ? node.name() : null)) return false;
    return true;
  }

  private static boolean matches(NodeSelectorRequirement required, @Nullable String value) {
    List<String> values = required.values();
    return switch (required.operator()) {
      case In -> value != null && values.contains(value);
      case NotIn -> value == null || !values.contains(value);
      case Exists -> value != null;
      case DoesNotExist -> value == null;
      case Gt -> compare(value, values) > 0;
      case Lt -> compare(value, values) < 0;
    };
  }

  /** 0 where one of the two is no whole number: then neither is greater. */
  private static int compare(@Nullable String value, List<String> values) {
    if (value == null || values.size() != 1) return 0;
    try {
      return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private NodeMatch() {}
}
