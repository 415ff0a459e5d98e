package dev.dunlin.operator.cache;

import dev.dunlin.api.v1alpha1.Taint;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.placement.Host;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.NodeTaint;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes as passes see them: WasmNodes, and the Kubernetes Nodes that they are on where there
 * are any. Each is worked out anew only when one of the two has changed: there may be thousands,
 * and every pass looks. Guarded by this object's lock.
 */
final class NodeViews {
  private final Supplier<Stream<WasmNode>> nodes;
  private final Function<String, io.fabric8.kubernetes.api.model.@Nullable Node> hosts;
  private Map<String, View> views = Map.of();
  private Map<String, Node> byName = Map.of();
  private boolean changed = true;

  private record View(
      WasmNode of, io.fabric8.kubernetes.api.model.@Nullable Node host, Node node) {}

  NodeViews(
      Supplier<Stream<WasmNode>> nodes,
      Function<String, io.fabric8.kubernetes.api.model.@Nullable Node> hosts) {
    this.nodes = nodes;
    this.hosts = hosts;
  }

  /** To be called after each change of a node. */
  synchronized void changed() {
    changed = true;
  }

  /** All nodes, by name. */
  synchronized Map<String, Node> at(Instant now, Duration grace) {
    if (changed) look(now, grace);
    return byName;
  }

  /** An informer hands out the same object until it has a newer one. */
  @SuppressWarnings("ReferenceEquality")
  private void look(Instant now, Duration grace) {
    changed = false;
    var newViews = new HashMap<String, View>();
    var newNodes = new HashMap<String, Node>();
    nodes
        .get()
        .forEach(object -> {
          String name = object.getMetadata().getName();
          var view = view(object, hosts.apply(Host.nameOf(object)), views.get(name), now, grace);
          newViews.put(name, view);
          newNodes.put(name, view.node());
        });
    views = newViews;
    byName = newNodes;
  }

  @SuppressWarnings(
      "ReferenceEquality") // an informer never changes an object that it has given out
  private static View view(
      WasmNode object,
      io.fabric8.kubernetes.api.model.@Nullable Node hostObject,
      @Nullable View known,
      Instant now,
      Duration grace) {
    if (known != null && known.of() == object && known.host() == hostObject) return known;
    var host = Host.of(hostObject);
    var own = object.getSpec() == null ? List.<Taint>of() : object.getSpec().taints();
    var taints =
        Stream.concat(own.stream(), host.taints().stream())
            .map(taint -> taint(taint, known, now))
            .distinct()
            .toList();
    return new View(object, hostObject, Node.of(object, host, taints, grace));
  }

  /** What does not say since when it is there is so since it was first seen. */
  private static NodeTaint taint(Taint taint, @Nullable View known, Instant now) {
    String value = Objects.requireNonNullElse(taint.value(), "");
    var fresh = new NodeTaint(taint.key(), value, taint.effect(), added(taint.timeAdded(), now));
    if (known == null || taint.timeAdded() != null) return fresh;
    return known.node().taints().stream().filter(fresh::isLike).findFirst().orElse(fresh);
  }

  private static Instant added(@Nullable String time, Instant now) {
    try {
      return time == null ? now : Instant.parse(time);
    } catch (DateTimeException e) {
      return now; // a user's, in a WasmNode
    }
  }
}
