package dev.dunlin.operator.placement;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What one instance needs of a node.
 *
 * @param features the engine's words, e.g. {@code wasi:p1}
 * @param digest of its module, which a node may already have
 * @param pinned the only node that will do, where its volumes are
 */
public record Demand(
    NodeChoice choice, Room room, Set<String> features, String digest, Optional<String> pinned) {
  public Demand {
    features = Set.copyOf(features);
  }

  /** The same with more features, and where only one node will do. */
  public Demand with(Set<String> more, Optional<String> node) {
    if (more.isEmpty() && node.isEmpty()) return this;
    var all = new HashSet<>(features);
    all.addAll(more);
    return new Demand(choice, room, all, digest, node.or(() -> pinned));
  }
}
