package dev.dunlin.agent.node;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** The agent's sign of life: a Lease that it renews. */
public final class NodeLease {
  private final KubernetesClient client;
  private final String namespace;
  private final String nodeName;
  private final Duration duration;
  private final Clock clock;

  /** As the API server has it, while renewals succeed: saves a read each; guarded by this. */
  private @Nullable Lease known;

  public NodeLease(
      KubernetesClient client, String namespace, String nodeName, Duration duration, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.nodeName = nodeName;
    this.duration = duration;
    this.clock = clock;
  }

  /** How often it wants to be renewed. */
  public Duration period() {
    return duration.dividedBy(4);
  }

  /** After so long without a renewal others may take the agent for lost. */
  Duration duration() {
    return duration;
  }

  public void renew() {
    write(nodeName);
  }

  /** Says that this agent has ended, so that nobody waits for its Lease to run out. */
  public void release() {
    write("");
  }

  private synchronized void write(String holder) {
    var leases = client.leases().inNamespace(namespace);
    ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
    Lease before = known != null ? known : leases.withName(name()).get();
    known = null;
    if (before == null) {
      known = leases.resource(fresh(holder, now)).create();
      return;
    }
    boolean taken = !holder.equals(before.getSpec().getHolderIdentity());
    Lease after =
        new LeaseBuilder(before)
            .editSpec()
            .withHolderIdentity(holder)
            .withLeaseDurationSeconds((int) duration.toSeconds())
            .withAcquireTime(taken ? now : before.getSpec().getAcquireTime())
            .withRenewTime(now)
            .endSpec()
            .build();
    known = leases.resource(after).update();
  }

  private Lease fresh(String holder, ZonedDateTime now) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name())
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds((int) duration.toSeconds())
        .withAcquireTime(now)
        .withRenewTime(now)
        .endSpec()
        .build();
  }

  private String name() {
    return "dunlin-agent-" + nodeName;
  }
}
