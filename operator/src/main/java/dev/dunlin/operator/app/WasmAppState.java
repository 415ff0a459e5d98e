package dev.dunlin.operator.app;

import static java.util.stream.Collectors.toSet;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one pass over a {@link WasmApp} knows.
 *
 * @param salt what the names of new instances are drawn from
 * @param revision of the app's template as it is now
 * @param image of that revision
 * @param port the app's port on every agent; empty when it needs none or none is left
 * @param instances all that exist of the app, our own unconfirmed writes included
 * @param service of the app's name, whoever made it
 * @param slice of the app's name, whoever made it
 * @param retryDelay before a job's first run after a failure
 */
record WasmAppState(
    WasmApp app,
    Instant now,
    long salt,
    String revision,
    Resolution image,
    OptionalInt port,
    List<Instance> instances,
    Nodes nodes,
    @Nullable Service service,
    @Nullable EndpointSlice slice,
    Duration retryDelay) {

  WasmAppState {
    instances = List.copyOf(instances);
  }

  WasmAppSpec spec() {
    return app.getSpec();
  }

  WasmAppStatus status() {
    return status(app);
  }

  static WasmAppStatus status(WasmApp app) {
    var status = app.getStatus();
    return status == null ? WasmAppStatus.EMPTY : status;
  }

  Optional<Condition> condition(String type) {
    return Condition.find(status().conditions(), type);
  }

  /** Whether the app needs a port and no port is left. */
  boolean lacksPort() {
    return port.isEmpty() && spec().workload() instanceof HttpWorkload;
  }

  /** Whether the status speaks of the template as it is now. */
  boolean rolledTo() {
    return revision.equals(status().revision());
  }

  /** Nodes whose instances are gone: their agent is, or the node was deleted. */
  boolean isLost(Instance instance) {
    @Nullable Node node = nodes.get(instance.node());
    return node == null || node.lost();
  }

  /** Instances that are there to stay: neither going nor lost. */
  List<Instance> alive() {
    return instances.stream().filter(i -> !i.terminating() && !isLost(i)).toList();
  }

  /** Whether an instance is of the template as it is now, and on the app's port. */
  boolean isCurrent(Instance instance) {
    return instance.revision().equals(revision)
        && (port.isEmpty() || Objects.equals(instance.port(), port));
  }

  /** Whether an instance answers or runs, as far as anybody can know: its node must live too. */
  boolean isAvailable(Instance instance) {
    @Nullable Node node = nodes.get(instance.node());
    return instance.ready() && node != null && node.ready();
  }

  /** Those of the app's nodes that are shutting down. */
  Set<String> leavingNodes() {
    return instances.stream().map(Instance::node).filter(this::isDraining).collect(toSet());
  }

  private boolean isDraining(String name) {
    @Nullable Node node = nodes.get(name);
    return node != null && node.draining();
  }
}
