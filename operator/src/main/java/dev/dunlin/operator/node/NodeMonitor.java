package dev.dunlin.operator.node;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.operator.cache.Caches;
import dev.dunlin.operator.cache.Changes;
import dev.dunlin.operator.event.Events;
import dev.dunlin.operator.node.Heartbeats.Beat;
import dev.dunlin.operator.placement.Host;
import dev.dunlin.operator.placement.Node;
import dev.dunlin.operator.placement.Nodes;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the agents' Leases again and again, and when one is about to expire or an agent's Pod has
 * changed, and writes each WasmNode's conditions; what follows from them for the apps is decided in
 * their passes.
 */
public final class NodeMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeMonitor.class);
  private static final Duration GOOD_BYE = Duration.ofSeconds(10);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final int WRITES_AT_ONCE = 8;

  private final Caches caches;
  private final Changes changes;
  private final Settings settings;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final LostInstances lostInstances;
  private final AgentLeases leases;
  private final NodeConditions conditions;
  private final Heartbeats heartbeats = new Heartbeats();
  private final AgentPods pods = new AgentPods();
  private Duration shortestLease = Duration.ZERO; // owned by the timer's thread
  private Set<String> lost = Set.of(); // owned by the timer's thread
  private boolean outage; // owned by the timer's thread
  private boolean reading = true; // owned by the timer's thread
  private final AtomicBoolean soon = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dunlin-nodes").factory());
  private final ExecutorService writers =
      Executors.newFixedThreadPool(
          WRITES_AT_ONCE, Thread.ofPlatform().daemon().name("dunlin-nodes-", 0).factory());

  /**
   * How patient it is.
   *
   * @param leaseNamespace where the agents' Leases are
   * @param poll time between two readings; more where all Leases are long
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
    this.caches = caches;
    this.changes = changes;
    this.lostInstances = lostInstances;
    this.settings = settings;
    this.clock = clock;
    this.nanoTime = nanoTime;
    leases = new AgentLeases(client, settings.leaseNamespace());
    conditions = new NodeConditions(client, events, clock);
  }

  public void start() {
    changes.tellAgentPods(this::lookSoon);
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

  private void lookSoon() {
    if (timer.isShutdown() || soon.getAndSet(true)) return;
    timer.execute(() -> {
      soon.set(false);
      look();
    });
  }

  /**
   * Long Leases, as large clusters have them, are read less often; one that expires in time, and a
   * node whose grace ends.
   */
  private Duration pause() {
    var bounded = least(shortestLease.dividedBy(16), LONGEST_POLL);
    var usual = bounded.compareTo(settings.poll()) < 0 ? settings.poll() : bounded;
    var expiry = heartbeats.untilNextExpiry(nanoTime.getAsLong()).orElse(usual);
    var pause = least(least(usual, expiry), untilNextLost().orElse(usual));
    return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
  }

  private Optional<Duration> untilNextLost() {
    var now = clock.instant();
    return caches.nodes(now, settings.grace()).all().stream()
        .flatMap(node -> Stream.ofNullable(node.lostFrom()))
        .filter(from -> from.isAfter(now))
        .min(Comparator.naturalOrder())
        .map(from -> Duration.between(now, from));
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** How many agents live. */
  public int ready() {
    return (int) caches.nodes().list().filter(NodeMonitor::isReady).count();
  }

  private static boolean isReady(WasmNode node) {
    @Nullable Condition ready = NodeConditions.ready(node);
    return ready != null && ready.isTrue();
  }

  private void look() {
    try {
      var beats = leases.read();
      shortestLease =
          beats.values().stream()
              .map(Beat::lease)
              .min(Comparator.naturalOrder())
              .orElse(Duration.ZERO);
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

  private void judge(Map<String, Beat> beats) {
    long nanos = nanoTime.getAsLong();
    var nodes =
        caches.nodes().list().collect(Collectors.toMap(NodeMonitor::name, Function.identity()));
    heartbeats.begin(nodes.keySet(), nanos);
    pods.observe(caches.agentPods().list(), nanos);
    var now = new HashMap<String, Condition>();
    for (var node : nodes.values())
      judge(node, beats.get(name(node)), nanos).ifPresent(it -> now.put(name(node), it));
    if (isOutage(nodes.values(), now, nanos))
      now.values().removeIf(it -> it.reason().equals(Reasons.LEASE_EXPIRED));
    var views = caches.nodes(clock.instant(), settings.grace());
    sayAll(nodes.values(), now, views, nanos);
    tellLost(
        nodes.values().stream()
            .map(NodeMonitor::name)
            .filter(name -> isLost(views, name))
            .collect(Collectors.toSet()));
    leases.removeOrphans(beats, nodes.keySet(), settings.removeAfter(), nanos);
  }

  private Optional<Condition> judge(WasmNode node, @Nullable Beat beat, long nanos) {
    boolean draining = Boolean.TRUE.equals(NodeConditions.status(node).draining());
    var byLease =
        heartbeats.judge(
            name(node), beat, NodeConditions.ready(node), draining, nanos, clock.instant());
    long heard = nanos - heartbeats.silence(name(node), nanos).toNanos();
    var slack = settings.poll().multipliedBy(2);
    return Verdict.of(
        name(node), byLease, pods.of(name(node), heard, slack, settings.grace(), nanos));
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

  /** Several at once: what a hundred nodes ran waits for the last one's condition. */
  private void sayAll(
      Collection<WasmNode> nodes, Map<String, Condition> now, Nodes views, long nanos) {
    try {
      var said =
          writers.invokeAll(
              nodes.stream()
                  .map(node ->
                      Executors.callable(() -> say(node, now.get(name(node)), views, nanos)))
                  .toList());
      for (var each : said)
        if (each.state() == Future.State.FAILED)
          LOG.error("A node's conditions failed; they are tried again", each.exceptionNow());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is being closed
    }
  }

  /** What is refused for one node keeps no other from being judged. */
  private void say(WasmNode node, @Nullable Condition now, Nodes views, long nanos) {
    try {
      @Nullable Node view = views.get(name(node));
      var drained =
          view == null || !view.isToBeLeft()
              ? Optional.<Condition>empty()
              : Drained.of(view, caches.instances().tenants(name(node)));
      @Nullable Condition ready = now == null ? NodeConditions.ready(node) : now;
      conditions.write(node, Stream.concat(Stream.ofNullable(ready), drained.stream()).toList());
      if (isAbandoned(node, nanos))
        conditions.remove(node, heartbeats.silence(name(node), nanos).toSeconds());
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

  private boolean isLost(Nodes views, String name) {
    @Nullable Node view = views.get(name);
    return view != null && view.isLost(clock.instant());
  }

  private boolean isAbandoned(WasmNode node, long nanos) {
    @Nullable Condition ready = NodeConditions.ready(node);
    return ready != null
        && Condition.FALSE.equals(ready.status())
        && heartbeats.silence(name(node), nanos).compareTo(patience(node, ready)) > 0
        && caches.instances().onNode(name(node)).isEmpty();
  }

  /** An agent that was called as its Pod and has said good-bye comes back under another name. */
  private Duration patience(WasmNode node, Condition ready) {
    boolean left =
        ready.reason().equals(Reasons.LEASE_RELEASED) && !Host.nameOf(node).equals(name(node));
    return left ? least(GOOD_BYE, settings.removeAfter()) : settings.removeAfter();
  }

  private static String name(WasmNode node) {
    return node.getMetadata().getName();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    writers.shutdownNow();
  }
}
