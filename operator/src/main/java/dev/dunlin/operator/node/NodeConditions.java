package dev.dunlin.operator.node;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmNodeStatus;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.event.Happening;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what is said of nodes: their conditions, and an Event for each that turns. */
record NodeConditions(KubernetesClient client, Events events, Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConditions.class);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-operator")
          .withForce(true)
          .build();

  /** Makes those the node's conditions, where they say something new. */
  void write(WasmNode node, List<Condition> now) {
    var before = status(node).conditions();
    if (before.size() == now.size() && now.stream().allMatch(it -> isSaid(it, before))) return;
    var written = now.stream().map(it -> dated(node, it, before)).toList();
    var patch = new WasmNode();
    patch.setMetadata(new ObjectMetaBuilder().withName(node.getMetadata().getName()).build());
    patch.setStatus(
        new WasmNodeStatus(null, null, null, null, null, null, null, null, List.of(), written));
    client.resource(patch).subresource("status").patch(APPLY);
    written.stream().filter(it -> turns(it, before)).forEach(it -> say(node, it));
  }

  private static boolean isSaid(Condition now, List<Condition> before) {
    return Condition.find(before, now.type())
        .filter(it -> it.status().equals(now.status()))
        .filter(it -> it.reason().equals(now.reason()))
        .filter(it -> it.message().equals(now.message()))
        .isPresent();
  }

  private Condition dated(WasmNode node, Condition now, List<Condition> before) {
    return new Condition(
            now.type(),
            now.status(),
            now.reason(),
            now.message(),
            node.getMetadata().getGeneration(),
            null)
        .since(Condition.find(before, now.type()).orElse(null), now().toString());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static boolean turns(Condition now, List<Condition> before) {
    return Condition.find(before, now.type())
        .filter(it -> it.status().equals(now.status()) && it.reason().equals(now.reason()))
        .isEmpty();
  }

  private void say(WasmNode node, Condition now) {
    LOG.info(
        "Node {}: {} is {} ({}). {}",
        node.getMetadata().getName(),
        now.type(),
        now.status(),
        now.reason(),
        now.message());
    boolean fault = now.type().equals("Ready") && !now.isTrue();
    events.say(
        node,
        fault
            ? Happening.warning(now.reason(), now.message())
            : Happening.normal(now.reason(), now.message()));
  }

  /** Deletes a node of which nothing is left but itself. */
  void remove(WasmNode node, long silentSeconds) {
    client.resource(node).delete();
    String message =
        "Removed node %s: nothing was heard of its agent for %d s, and nothing is placed on it."
            .formatted(node.getMetadata().getName(), silentSeconds);
    LOG.info("{}", message);
    events.say(node, Happening.normal(Reasons.NODE_REMOVED, message));
  }

  static @Nullable Condition ready(WasmNode node) {
    return Condition.find(status(node).conditions(), "Ready").orElse(null);
  }

  static WasmNodeStatus status(WasmNode node) {
    return node.getStatus() == null ? WasmNodeStatus.EMPTY : node.getStatus();
  }
}
