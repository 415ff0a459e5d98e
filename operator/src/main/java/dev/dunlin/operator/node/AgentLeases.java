package dev.dunlin.operator.node;

import dev.dunlin.operator.node.Heartbeats.Beat;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Leases of agents in the API server. Owned by one thread. */
final class AgentLeases {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLeases.class);
  private static final String PREFIX = "dunlin-agent-";

  private final KubernetesClient client;
  private final String namespace;

  /** Those of nodes that do not exist, and since when they are as they are. */
  private final Map<String, Orphan> orphans = new HashMap<>();

  private record Orphan(Beat beat, long since) {}

  AgentLeases(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** All of them, by node. */
  Map<String, Beat> read() {
    return client.leases().inNamespace(namespace).list().getItems().stream()
        .filter(lease -> lease.getMetadata().getName().startsWith(PREFIX))
        .collect(
            Collectors.toMap(
                lease -> lease.getMetadata().getName().substring(PREFIX.length()),
                AgentLeases::beat));
  }

  private static Beat beat(Lease lease) {
    var spec = lease.getSpec();
    return new Beat(
        Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
        spec.getRenewTime() == null ? null : spec.getRenewTime().toInstant(),
        spec.getLeaseDurationSeconds() == null
            ? Heartbeats.DEFAULT_LEASE
            : Duration.ofSeconds(spec.getLeaseDurationSeconds()));
  }

  /** Deletes those whose node does not exist and that nobody has renewed for so long. */
  void removeOrphans(Map<String, Beat> beats, Set<String> nodes, Duration after, long nanos) {
    orphans.keySet().retainAll(beats.keySet());
    orphans.keySet().removeAll(nodes);
    beats.forEach((node, beat) -> {
      if (nodes.contains(node)) return;
      @Nullable Orphan known = orphans.get(node);
      if (known == null || !known.beat().equals(beat)) orphans.put(node, new Orphan(beat, nanos));
      else if (nanos - known.since() > after.toNanos()) delete(node);
    });
  }

  private void delete(String node) {
    client.leases().inNamespace(namespace).withName(PREFIX + node).delete();
    orphans.remove(node);
    LOG.info("Removed the Lease of node {}, which does not exist any more.", node);
  }
}
