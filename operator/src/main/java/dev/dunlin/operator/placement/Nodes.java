package dev.dunlin.operator.placement;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All nodes at one moment, shared by all passes of that moment.
 *
 * @param used what the instances of a node take of it
 */
public record Nodes(Map<String, Node> byName, Function<String, Room> used) {
  public @Nullable Node get(String name) {
    return byName.get(name);
  }

  public Collection<Node> all() {
    return byName.values();
  }

  /** What is taken of it. */
  public Room used(Node node) {
    return used(node.name());
  }

  public Room used(String node) {
    return used.apply(node);
  }

  /** The same nodes, where some have other amounts in use. */
  public Nodes using(Map<String, Room> other) {
    return other.isEmpty()
        ? this
        : new Nodes(
            byName,
            name -> {
              @Nullable Room changed = other.get(name);
              return changed == null ? used.apply(name) : changed;
            });
  }
}
