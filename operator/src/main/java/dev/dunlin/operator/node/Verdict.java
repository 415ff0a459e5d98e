package dev.dunlin.operator.node;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import java.util.Optional;

/** A node's Ready condition, of what its Lease and its agent's Pod say: whichever speaks first. */
final class Verdict {

  /**
   * Joins the two.
   *
   * @param byLease empty while that is open
   */
  static Optional<Condition> of(String node, Optional<Condition> byLease, AgentPods.Word byPod) {
    if (byLease.filter(it -> !it.isTrue()).isPresent()) return byLease;
    return switch (byPod) {
      case READY, NOTHING -> byLease;
      case LEAVING ->
          byLease.map(
              it -> ready(Condition.TRUE, Reasons.DRAINING, "The agent's Pod is being deleted."));
      case NOT_READY ->
          Optional.of(
              ready(
                  Condition.FALSE,
                  Reasons.AGENT_NOT_READY,
                  "The agent's Pod on node %s is not Ready. Nothing is sent to it until it is; what it runs is replaced when the agent falls silent."
                      .formatted(node)));
      case GONE ->
          Optional.of(
              ready(
                  Condition.FALSE,
                  Reasons.AGENT_GONE,
                  "The agent's Pod on node %s is gone, or not Ready and nothing was heard of the agent since."
                      .formatted(node)));
    };
  }

  private static Condition ready(String status, String reason, String message) {
    return new Condition("Ready", status, reason, message, null, null);
  }

  private Verdict() {}
}
