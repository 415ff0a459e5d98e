package dev.dunlin.operator.placement;

import java.util.Map;
import java.util.Set;

/**
 * What one instance needs of a node.
 *
 * @param features the engine's words, e.g. {@code wasi:p1}
 * @param digest of its module, which a node may already have
 */
public record Demand(
    Map<String, String> nodeSelector, long memoryBytes, Set<String> features, String digest) {
  public Demand {
    nodeSelector = Map.copyOf(nodeSelector);
    features = Set.copyOf(features);
  }
}
