package dev.dunlin.operator.metrics;

import static java.util.stream.Collectors.toMap;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.cache.Watched;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.instance.Instances;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the operator that leads knows anyway. */
public record KnownWhereabouts(Instances instances, Watched<WasmNode> watchedNodes)
    implements Whereabouts {
  @Override
  public Optional<Map<String, Instant>> nodes(AppKey app) {
    return Optional.of(nodes(instances.ofApp(app.namespace(), app.name()).stream()));
  }

  @Override
  public Optional<NodeLogs> agent(String node) {
    return logs(watchedNodes, node);
  }

  static Map<String, Instant> nodes(Stream<Instance> instances) {
    return instances
        .filter(instance -> !instance.finished())
        .collect(
            toMap(
                Instance::node,
                Instance::created,
                (one, other) -> one.isBefore(other) ? one : other));
  }

  static Optional<NodeLogs> logs(Watched<WasmNode> nodes, String name) {
    return Optional.ofNullable(nodes.get(null, name))
        .flatMap(it -> Optional.ofNullable(it.getStatus()))
        .flatMap(it -> Optional.ofNullable(it.logs()));
  }
}
