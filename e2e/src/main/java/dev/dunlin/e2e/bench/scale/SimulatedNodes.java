package dev.dunlin.e2e.bench.scale;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Agents without engines, all in this JVM, each with its own watch and Lease. */
final class SimulatedNodes implements AutoCloseable {
  /** Requests under way at once: one HTTP/2 connection takes about a hundred. */
  private static final int AT_ONCE = 24;

  private static final int LEASES_AT_ONCE = 8;

  private final List<SimulatedNode> nodes;
  private final Duration lease;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE, Thread.ofPlatform().daemon().name("agent-", 0).factory());
  private final ScheduledExecutorService leases =
      Executors.newScheduledThreadPool(
          LEASES_AT_ONCE, Thread.ofPlatform().daemon().name("lease-", 0).factory());
  private final AtomicInteger faults = new AtomicInteger();

  SimulatedNodes(KubernetesClient client, String namespace, int count, Duration lease) {
    this.lease = lease;
    this.nodes =
        IntStream.range(0, count)
            .mapToObj(i -> new SimulatedNode(client, namespace, i, lease, threads))
            .toList();
  }

  /** Registers all, and waits until each watches its instances. */
  void start() {
    var started = new ArrayList<CompletableFuture<?>>();
    for (var node : nodes)
      started.add(
          CompletableFuture.runAsync(() -> node.start().toCompletableFuture().join(), threads));
    CompletableFuture.allOf(started.toArray(CompletableFuture[]::new)).join();
    long period = lease.toMillis() / 4;
    for (int i = 0; i < nodes.size(); i++) {
      var node = nodes.get(i);
      var _ =
          leases.scheduleAtFixedRate(
              () -> renew(node), period * i / nodes.size(), period, TimeUnit.MILLISECONDS);
    }
  }

  private void renew(SimulatedNode node) {
    try {
      node.renew();
    } catch (RuntimeException e) { // it is due again
      if (faults.getAndIncrement() == 0)
        System.err.printf("scale: %s could not renew its Lease: %s%n", node.name(), e.getMessage());
    }
  }

  int size() {
    return nodes.size();
  }

  /** How many renewals failed so far: a measurement with many is worth little. */
  int faults() {
    return faults.get();
  }

  /** The first {@code count} nodes are gone, all at once; returns their names. */
  List<String> lose(int count) {
    var lost = nodes.subList(0, count);
    lost.forEach(SimulatedNode::fallSilent);
    return lost.stream().map(SimulatedNode::name).toList();
  }

  @Override
  public void close() {
    leases.shutdownNow();
    threads.shutdownNow();
    nodes.forEach(SimulatedNode::close);
  }
}
