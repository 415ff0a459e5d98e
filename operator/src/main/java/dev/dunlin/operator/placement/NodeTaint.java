package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.api.v1alpha1.Toleration;
import dev.dunlin.api.v1alpha1.TolerationOperator;
import java.time.Instant;
import java.util.Objects;

/**
 * A taint of a node.
 *
 * @param value empty where it has none
 * @param since when it was put on, or first seen; {@code tolerationSeconds} count from it
 */
public record NodeTaint(String key, String value, TaintEffect effect, Instant since) {

  /** Whether both are the same, whenever they were put on. */
  public boolean isLike(NodeTaint other) {
    return key.equals(other.key) && value.equals(other.value) && effect == other.effect;
  }

  /** As core/v1's {@code Toleration.ToleratesTaint}. */
  boolean isToleratedBy(Toleration toleration) {
    if (toleration.effect() != null && toleration.effect() != effect) return false;
    boolean everyKey = toleration.key() == null || toleration.key().isEmpty();
    if (!everyKey && !key.equals(toleration.key())) return false;
    return toleration.operator() == TolerationOperator.Exists
        || value.equals(Objects.requireNonNullElse(toleration.value(), ""));
  }

  /** As kube-scheduler writes it. */
  @Override
  public String toString() {
    return "{" + key + ": " + value + "}";
  }
}
