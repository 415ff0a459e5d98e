package dev.dunlin.operator.metrics;

import dev.dunlin.api.v1alpha1.NodeLogs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Where apps are, and how their agents are reached: from memory. */
public interface Whereabouts {
  /**
   * Nodes that have instances of the app, and since when they have had any of these; empty while
   * that is not known.
   */
  Optional<Map<String, Instant>> nodes(AppKey app);

  /** Where the agent of a node shows what is read; empty where it does not, or is gone. */
  Optional<NodeLogs> agent(String node);
}
