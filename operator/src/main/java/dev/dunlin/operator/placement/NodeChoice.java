package dev.dunlin.operator.placement;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dunlin.api.v1alpha1.Affinity;
import dev.dunlin.api.v1alpha1.NodeAffinity;
import dev.dunlin.api.v1alpha1.NodeSelector;
import dev.dunlin.api.v1alpha1.PreferredSchedulingTerm;
import dev.dunlin.api.v1alpha1.Toleration;
import dev.dunlin.api.v1alpha1.TopologySpreadConstraint;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a template says of nodes: which are needed, liked and tolerated. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeChoice(
    Map<String, String> nodeSelector,
    @Nullable Affinity affinity,
    List<Toleration> tolerations,
    List<TopologySpreadConstraint> topologySpreadConstraints) {
  public static final NodeChoice ANY = new NodeChoice(Map.of(), null, List.of(), List.of());

  public NodeChoice {
    nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    topologySpreadConstraints =
        topologySpreadConstraints == null ? List.of() : List.copyOf(topologySpreadConstraints);
  }

  public static NodeChoice of(WasmAppSpec spec) {
    return new NodeChoice(
        spec.nodeSelector(), spec.affinity(), spec.tolerations(), spec.topologySpreadConstraints());
  }

  /** Whether the node has the labels that are needed. */
  boolean matches(Node node) {
    for (var label : nodeSelector.entrySet())
      if (!label.getValue().equals(node.labels().get(label.getKey()))) return false;
    @Nullable NodeAffinity wanted = nodeAffinity();
    @Nullable NodeSelector required =
        wanted == null ? null : wanted.requiredDuringSchedulingIgnoredDuringExecution();
    return required == null || NodeMatch.matches(required, node);
  }

  /** The weights of all preferred terms that the node matches. */
  int liking(Node node) {
    int sum = 0;
    for (PreferredSchedulingTerm term : preferred())
      if (NodeMatch.matches(term.preference(), node)) sum += term.weight();
    return sum;
  }

  private List<PreferredSchedulingTerm> preferred() {
    @Nullable NodeAffinity wanted = nodeAffinity();
    return wanted == null ? List.of() : wanted.preferredDuringSchedulingIgnoredDuringExecution();
  }

  private @Nullable NodeAffinity nodeAffinity() {
    return affinity == null ? null : affinity.nodeAffinity();
  }

  /**
   * Whether an instance is to leave the node: it is drained, cordoned, or its taints say so.
   *
   * @param there since when the instance is there
   */
  public boolean leaves(Node node, Instant there, Instant now) {
    return node.draining()
        || (node.unschedulable() && !Tolerations.tolerateCordon(tolerations))
        || mustLeave(node, there, now);
  }

  /** Whether a NoExecute taint drives it away, its time under that being over. */
  public boolean mustLeave(Node node, Instant there, Instant now) {
    return endOn(node, there).filter(end -> !end.isAfter(now)).isPresent();
  }

  /** When a NoExecute taint drives away an instance that is there since then. */
  public Optional<Instant> endOn(Node node, Instant there) {
    return node.taints().isEmpty() ? Optional.empty() : Tolerations.endOn(node, tolerations, there);
  }

  /** Whether it says more than a node selector. */
  @JsonIgnore
  public boolean isMoreThanLabels() {
    return affinity != null || !topologySpreadConstraints.isEmpty() || !tolerations.isEmpty();
  }
}
