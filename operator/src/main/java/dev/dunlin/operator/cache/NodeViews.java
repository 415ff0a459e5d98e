package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes as passes see them, each worked out anew only when it has changed: there may be
 * thousands, and every pass looks. Guarded by this object's lock.
 */
final class NodeViews {
  private final Supplier<Stream<WasmNode>> nodes;
  private Map<String, View> views = Map.of();
  private Map<String, Node> byName = Map.of();
  private boolean changed = true;
  private boolean timeMatters;

  private record View(WasmNode of, Node node) {}

  NodeViews(Supplier<Stream<WasmNode>> nodes) {
    this.nodes = nodes;
  }

  /** To be called after each change of a node. */
  synchronized void changed() {
    changed = true;
  }

  /** All nodes, by name. */
  synchronized Map<String, Node> at(Instant now, Duration grace) {
    if (changed || timeMatters) look(now, grace);
    return byName;
  }

  /** An informer hands out the same object until it has a newer one. */
  @SuppressWarnings("ReferenceEquality")
  private void look(Instant now, Duration grace) {
    changed = false;
    timeMatters = false;
    var newViews = new HashMap<String, View>();
    var newNodes = new HashMap<String, Node>();
    nodes
        .get()
        .forEach(object -> {
          String name = object.getMetadata().getName();
          @Nullable View known = views.get(name);
          var node =
              known != null && known.of() == object && !isWaiting(known.node())
                  ? known.node()
                  : Node.of(object, Usage.NONE, now, grace);
          timeMatters |= isWaiting(node);
          newViews.put(name, new View(object, node));
          newNodes.put(name, node);
        });
    views = newViews;
    byName = newNodes;
  }

  /** Whether time alone may make it lost. */
  private static boolean isWaiting(Node node) {
    return !node.ready() && !node.lost();
  }
}
