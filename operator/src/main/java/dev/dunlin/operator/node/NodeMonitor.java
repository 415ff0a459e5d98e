package dev.dunlin.operator.node;

import static java.util.Comparator.naturalOrder;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.api.v1alpha1.WasmNodeStatus;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.cache.Changes;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.event.Happening;
import dev.dunlin.operator.node.Heartbeats.Beat;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Usage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the agents' Leases every second and writes each WasmNode's Ready condition; what follows
 * from it for the apps is decided in their passes.
 */
public final class NodeMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMonitor.class);
  private static final String LEASE_PREFIX = "dunlin-agent-";
  private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("dunlin-operator")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Caches caches;
  private final Changes changes;
  private final Events events;
  private final Settings settings;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final LostInstances lostInstances;
  private final Heartbeats heartbeats = new Heartbeats();
  private Duration shortestLease = Duration.ZERO; // owned by the timer's thread
  private Set<String> lost = Set.of(); // owned by the timer's thread
  private boolean outage; // owned by the timer's thread
  private volatile boolean reading = true;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-nodes").factory());

  /**
   * How patient it is.
   *
   * @param leaseNamespace where the agents' Leases are
   * @param poll time between two readings
   * @param grace between a node's Ready turning False and its instances being given up
   * @param outage how long agents that fell silent all together are believed to live
   * @param removeAfter silence after which a node without instances is removed
   */
  public record Settings(
      String leaseNamespace,
      Duration poll,
      Duration grace,
      Duration outage,
      Duration removeAfter) {}

  public NodeMonitor(
      KubernetesClient client,
      Caches caches,
      Changes changes,
      Events events,
      LostInstances lostInstances,
      Settings settings,
      Clock clock,
      LongSupplier nanoTime) {
    this.client = client;
    this.caches = caches;
    this.changes = changes;
    this.events = events;
    this.lostInstances = lostInstances;
    this.settings = settings;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  public void start() {
    lookAfter(Duration.ZERO);
  }

  private void lookAfter(Duration pause) {
    if (timer.isShutdown()) return;
    var _ =
        timer.schedule(
            () -> {
              look();
              lookAfter(pause());
            },
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Long Leases, as large clusters have them, are read less often. */
  private Duration pause() {
    var eighth = shortestLease.dividedBy(8);
    var bounded = eighth.compareTo(LONGEST_POLL) < 0 ? eighth : LONGEST_POLL;
    return bounded.compareTo(settings.poll()) < 0 ? settings.poll() : bounded;
  }

  /** How many agents live. */
  public int ready() {
    return (int) caches.nodes().list().filter(NodeMonitor::isReady).count();
  }

  private static boolean isReady(WasmNode node) {
    @Nullable Condition ready = ready(node);
    return ready != null && ready.isTrue();
  }

  private void look() {
    try {
      var beats = beats();
      shortestLease =
          beats.values().stream().map(Beat::lease).min(naturalOrder()).orElse(Duration.ZERO);
      if (!reading) LOG.info("The agents' Leases can be read again.");
      reading = true;
      judge(beats);
      lostInstances.forget(lost);
    } catch (KubernetesClientException e) {
      heartbeats.interrupted();
      if (reading)
        LOG.warn("The agents cannot be judged until the API server answers: {}", e.getMessage());
      reading = false;
    } catch (RuntimeException e) { // the timer would stop for ever
      LOG.error("Judging the agents failed; it is tried again", e);
    }
  }

  private Map<String, Beat> beats() {
    return client.leases().inNamespace(settings.leaseNamespace()).list().getItems().stream()
        .filter(lease -> lease.getMetadata().getName().startsWith(LEASE_PREFIX))
        .collect(
            Collectors.toMap(
                lease -> lease.getMetadata().getName().substring(LEASE_PREFIX.length()),
                NodeMonitor::beat));
  }

  private static Beat beat(Lease lease) {
    var spec = lease.getSpec();
    return new Beat(
        Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
        spec.getRenewTime() == null ? null : spec.getRenewTime().toInstant(),
        Duration.ofSeconds(Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 8)));
  }

  private void judge(Map<String, Beat> beats) {
    long nanos = nanoTime.getAsLong();
    var nodes =
        caches.nodes().list().collect(Collectors.toMap(NodeMonitor::name, Function.identity()));
    heartbeats.begin(nodes.keySet(), nanos);
    var now = new HashMap<String, Condition>();
    for (var node : nodes.values())
      heartbeats
          .judge(
              name(node),
              beats.get(name(node)),
              ready(node),
              Boolean.TRUE.equals(status(node).draining()),
              nanos,
              clock.instant())
          .ifPresent(it -> now.put(name(node), it));
    if (isOutage(nodes.values(), now, nanos))
      now.values().removeIf(it -> it.reason().equals(Reasons.LEASE_EXPIRED));
    for (var node : nodes.values()) say(node, now.get(name(node)), nanos);
    tellLost(
        nodes.values().stream()
            .filter(this::isLost)
            .map(NodeMonitor::name)
            .collect(Collectors.toSet()));
  }

  private boolean isOutage(Collection<WasmNode> nodes, Map<String, Condition> now, long nanos) {
    var ready =
        nodes.stream()
            .filter(NodeMonitor::isReady)
            .map(NodeMonitor::name)
            .filter(node -> !isReleased(now.get(node)))
            .collect(Collectors.toSet());
    boolean is = heartbeats.isOutage(ready, settings.outage(), nanos);
    if (is && !outage)
      LOG.warn(
          "No agent of {} renews its Lease; for {} s they are believed to live and not to reach the API server.",
          ready.size(),
          settings.outage().toSeconds());
    if (!is && outage) LOG.info("The agents are judged by their Leases again.");
    outage = is;
    return is;
  }

  private static boolean isReleased(@Nullable Condition condition) {
    return condition != null && condition.reason().equals(Reasons.LEASE_RELEASED);
  }

  /** What is refused for one node keeps no other from being judged. */
  private void say(WasmNode node, @Nullable Condition now, long nanos) {
    try {
      if (now != null) write(node, ready(node), now);
      if (isAbandoned(node, nanos)) remove(node);
    } catch (KubernetesClientException e) {
      LOG.warn("Node {} could not be written; it is tried again: {}", name(node), e.getMessage());
    }
  }

  private void tellLost(Set<String> now) {
    var changed = new HashSet<>(now);
    changed.addAll(lost);
    changed.removeIf(node -> now.contains(node) && lost.contains(node));
    lost = now;
    changed.forEach(changes::node);
  }

  private boolean isLost(WasmNode node) {
    return Node.of(node, Usage.NONE, clock.instant(), settings.grace()).lost();
  }

  private void write(WasmNode node, @Nullable Condition before, Condition now) {
    if (before != null
        && before.status().equals(now.status())
        && before.reason().equals(now.reason())
        && before.message().equals(now.message())) return;
    var condition =
        new Condition(
                now.type(),
                now.status(),
                now.reason(),
                now.message(),
                node.getMetadata().getGeneration(),
                null)
            .since(before, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    var patch = new WasmNode();
    patch.setMetadata(new ObjectMetaBuilder().withName(name(node)).build());
    patch.setStatus(
        new WasmNodeStatus(
            null, null, null, null, null, null, null, null, List.of(), List.of(condition)));
    client.resource(patch).subresource("status").patch(APPLY);
    LOG.info(
        "Node {}: Ready is {} ({}). {}", name(node), now.status(), now.reason(), now.message());
    events.say(
        node,
        now.isTrue()
            ? Happening.normal(now.reason(), now.message())
            : Happening.warning(now.reason(), now.message()));
  }

  private boolean isAbandoned(WasmNode node, long nanos) {
    @Nullable Condition ready = ready(node);
    return ready != null
        && Condition.FALSE.equals(ready.status())
        && heartbeats.silence(name(node), nanos).compareTo(settings.removeAfter()) > 0
        && caches.instances().onNode(name(node)).isEmpty();
  }

  private void remove(WasmNode node) {
    client.resource(node).delete();
    String message =
        "Removed node %s: nothing was heard of its agent for %d s, and nothing is placed on it."
            .formatted(name(node), settings.removeAfter().toSeconds());
    LOG.info("{}", message);
    events.say(node, Happening.normal(Reasons.NODE_REMOVED, message));
  }

  private static @Nullable Condition ready(WasmNode node) {
    return Condition.find(status(node).conditions(), "Ready").orElse(null);
  }

  private static WasmNodeStatus status(WasmNode node) {
    return node.getStatus() == null ? WasmNodeStatus.EMPTY : node.getStatus();
  }

  private static String name(WasmNode node) {
    return node.getMetadata().getName();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
