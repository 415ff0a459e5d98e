package dev.dunlin.operator.node;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which agents live, judged by when this process saw their Leases change, on its own clock: no two
 * clocks are compared, but for a hint at first sight. Owned by one thread.
 */
final class Heartbeats {
  /** Of an agent without a Lease, or with one that does not say how long it lasts. */
  static final Duration DEFAULT_LEASE = Duration.ofSeconds(8);

  private final Map<String, Seen> seen = new HashMap<>();
  private boolean interrupted;
  private boolean outage;

  /**
   * A Lease as it is now.
   *
   * @param holder empty once the agent has stopped in peace
   */
  record Beat(String holder, @Nullable Instant renewTime, Duration lease) {}

  private record Seen(@Nullable Beat beat, long since, boolean renewed) {}

  /** Nothing could be read: silence until the next reading counts against nobody. */
  void interrupted() {
    interrupted = true;
  }

  /** Forgets all nodes but those, and begins all waiting anew where reading was interrupted. */
  void begin(Set<String> nodes, long nanos) {
    seen.keySet().retainAll(nodes);
    if (interrupted) seen.replaceAll((node, it) -> new Seen(it.beat(), nanos, it.renewed()));
    interrupted = false;
  }

  /**
   * What is to be said of a node; empty while that is open, so that what was said before stands.
   *
   * @param before the node's Ready condition
   * @param wall only to tell a Lease of today from an old one, at first sight
   */
  Optional<Condition> judge(
      String node,
      @Nullable Beat beat,
      @Nullable Condition before,
      boolean draining,
      long nanos,
      Instant wall) {
    @Nullable Seen known = seen.get(node);
    if (known == null) known = new Seen(beat, nanos, before == null && isFresh(beat, wall));
    else if (beat != null && !beat.equals(known.beat())) known = new Seen(beat, nanos, true);
    seen.put(node, known);

    if (beat != null && beat.holder().isEmpty())
      return not(Reasons.LEASE_RELEASED, "The agent of node %s has stopped.".formatted(node));
    var lease = beat == null ? DEFAULT_LEASE : beat.lease();
    if (nanos - known.since() > lease.toNanos())
      return not(
          Reasons.LEASE_EXPIRED,
          beat == null
              ? "The agent of node %s has no Lease. Is it running, and in the operator's namespace?"
                  .formatted(node)
              : "The agent of node %s has not renewed its Lease within %d s. Is it running, and does it reach the API server?"
                  .formatted(node, lease.toSeconds()));
    if (!known.renewed() && !(before != null && before.isTrue())) return Optional.empty();
    return Optional.of(
        draining
            ? ready(Reasons.DRAINING, "The agent is shutting down.")
            : ready(Reasons.LEASE_RENEWED, "The agent renews its Lease."));
  }

  /** How long until the next Lease expires, should it not be renewed; empty where none is to. */
  Optional<Duration> untilNextExpiry(long nanos) {
    return seen.values().stream()
        .filter(it -> it.beat() != null && !it.beat().holder().isEmpty())
        .map(it -> leaseOf(it).minusNanos(nanos - it.since()))
        .filter(Duration::isPositive)
        .min(Comparator.naturalOrder());
  }

  private static Duration leaseOf(Seen seen) {
    return seen.beat() == null ? DEFAULT_LEASE : seen.beat().lease();
  }

  /** How long nothing has been heard of a node. */
  Duration silence(String node, long nanos) {
    @Nullable Seen known = seen.get(node);
    return known == null ? Duration.ZERO : Duration.ofNanos(nanos - known.since());
  }

  /**
   * Whether expired Leases say nothing of the agents now, because all fell silent together: then it
   * is likelier that they do not reach the API server, and go on serving. It ends with the first
   * that is heard again, from when all have their Lease's duration anew, or after {@code patience}.
   * To be asked once a reading, when all nodes have been judged.
   *
   * @param ready the nodes that were ready, and have not given their Lease back
   */
  boolean isOutage(Set<String> ready, Duration patience, long nanos) {
    boolean silent = ready.size() > 1 && ready.stream().allMatch(node -> isSilent(node, nanos));
    boolean overdue = ready.stream().allMatch(node -> silence(node, nanos).compareTo(patience) > 0);
    boolean heardAgain = outage && !silent;
    if (heardAgain) interrupted();
    outage = silent && !overdue;
    return outage || heardAgain;
  }

  /** An agent renews its Lease four times within its duration. */
  private boolean isSilent(String node, long nanos) {
    @Nullable Seen known = seen.get(node);
    if (known == null) return false;
    return silence(node, nanos).compareTo(leaseOf(known).dividedBy(2)) > 0;
  }

  private static boolean isFresh(@Nullable Beat beat, Instant wall) {
    if (beat == null || beat.renewTime() == null) return false;
    return Duration.between(Objects.requireNonNull(beat.renewTime()), wall)
            .abs()
            .compareTo(beat.lease())
        < 0;
  }

  private static Condition ready(String reason, String message) {
    return new Condition("Ready", Condition.TRUE, reason, message, null, null);
  }

  private static Optional<Condition> not(String reason, String message) {
    return Optional.of(new Condition("Ready", Condition.FALSE, reason, message, null, null));
  }
}
