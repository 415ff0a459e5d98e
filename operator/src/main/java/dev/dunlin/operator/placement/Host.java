package dev.dunlin.operator.placement;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.Taint;
import dev.dunlin.api.v1alpha1.TaintEffect;
import dev.dunlin.api.v1alpha1.WasmNode;
import io.fabric8.kubernetes.api.model.NodeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What counts of the Kubernetes Node that an agent is on. */
public record Host(Map<String, String> labels, List<Taint> taints, boolean unschedulable) {
  /** Where there is none: an agent need not be on one. */
  public static final Host NONE = new Host(Map.of(), List.of(), false);

  public Host {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  public static Host of(io.fabric8.kubernetes.api.model.@Nullable Node node) {
    if (node == null) return NONE;
    @Nullable Map<String, String> labels = node.getMetadata().getLabels();
    @Nullable NodeSpec spec = node.getSpec();
    return new Host(
        labels == null ? Map.of() : labels,
        spec == null || spec.getTaints() == null
            ? List.of()
            : spec.getTaints().stream().flatMap(Host::taint).toList(),
        spec != null && Boolean.TRUE.equals(spec.getUnschedulable()));
  }

  /** One with an effect of a later Kubernetes is passed over. */
  private static Stream<Taint> taint(io.fabric8.kubernetes.api.model.Taint taint) {
    return Arrays.stream(TaintEffect.values())
        .filter(effect -> effect.name().equals(taint.getEffect()))
        .map(effect -> new Taint(taint.getKey(), taint.getValue(), effect, taint.getTimeAdded()));
  }

  /**
   * Name of the machine that an agent is on: its own, unless it says another one (it is called as
   * its Pod then).
   */
  public static String nameOf(WasmNode node) {
    var labels = node.getMetadata().getLabels();
    String name = node.getMetadata().getName();
    return labels == null ? name : labels.getOrDefault(Api.HOST_LABEL, name);
  }
}
