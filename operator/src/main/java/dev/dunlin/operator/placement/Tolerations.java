package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.api.v1alpha1.Toleration;
import dev.dunlin.api.v1alpha1.TolerationOperator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which taints matter to an instance, and when they drive it away. */
final class Tolerations {
  /** What a cordon is, as a taint. */
  private static final NodeTaint UNSCHEDULABLE =
      new NodeTaint("node.kubernetes.io/unschedulable", "", TaintEffect.NoSchedule, Instant.EPOCH);

  /**
   * A Kubernetes Node whose kubelet is silent may well have an agent that is not. Pods stay under
   * these taints for five minutes (DefaultTolerationSeconds); so do instances.
   */
  private static final Set<String> KUBELET_SILENT =
      Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  private static final Toleration FIVE_MINUTES =
      new Toleration(null, TolerationOperator.Exists, null, TaintEffect.NoExecute, 300L);

  static boolean tolerateCordon(List<Toleration> tolerations) {
    return of(UNSCHEDULABLE, tolerations) != null;
  }

  /** The first taint that keeps an instance off the node; null where none does. */
  static @Nullable NodeTaint obstacle(Node node, List<Toleration> tolerations) {
    for (var taint : node.taints())
      if (taint.effect() != TaintEffect.PreferNoSchedule && isInTheWay(taint, tolerations))
        return taint;
    return null;
  }

  /** One that is tolerated for no time would drive away at once what is placed under it. */
  private static boolean isInTheWay(NodeTaint taint, List<Toleration> tolerations) {
    @Nullable Toleration toleration = of(taint, tolerations);
    if (toleration == null) return true;
    @Nullable Long seconds = toleration.tolerationSeconds();
    return seconds != null && seconds <= 0;
  }

  /** How many taints say that it should rather be elsewhere. */
  static int unwelcome(Node node, List<Toleration> tolerations) {
    int count = 0;
    for (var taint : node.taints())
      if (taint.effect() == TaintEffect.PreferNoSchedule && of(taint, tolerations) == null) count++;
    return count;
  }

  /** When NoExecute taints drive an instance away that is there since then; empty if never. */
  static Optional<Instant> endOn(Node node, List<Toleration> tolerations, Instant there) {
    @Nullable Instant end = null;
    for (var taint : node.taints()) {
      if (taint.effect() != TaintEffect.NoExecute) continue;
      @Nullable Instant ends = end(taint, tolerations, there);
      if (ends != null && (end == null || ends.isBefore(end))) end = ends;
    }
    return Optional.ofNullable(end);
  }

  private static @Nullable Instant end(
      NodeTaint taint, List<Toleration> tolerations, Instant there) {
    @Nullable Toleration toleration = of(taint, tolerations);
    if (toleration == null) return taint.since();
    @Nullable Long seconds = toleration.tolerationSeconds();
    if (seconds == null) return null;
    var since = there.isAfter(taint.since()) ? there : taint.since();
    return since.plusSeconds(Math.max(0, seconds));
  }

  /** The first that tolerates the taint. */
  private static @Nullable Toleration of(NodeTaint taint, List<Toleration> tolerations) {
    for (var toleration : tolerations) if (taint.isToleratedBy(toleration)) return toleration;
    return taint.effect() == TaintEffect.NoExecute && KUBELET_SILENT.contains(taint.key())
        ? FIVE_MINUTES
        : null;
  }

  private Tolerations() {}
}
