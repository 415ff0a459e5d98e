package dev.dunlin.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class NodeLeaseTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private final HandSetClock clock = new HandSetClock();

  @Test
  void theFirstRenewalMakesTheLease() {
    lease().renew();

    assertThat(read().getSpec().getHolderIdentity()).isEqualTo("n1");
    assertThat(read().getSpec().getLeaseDurationSeconds()).isEqualTo(8);
    assertThat(read().getSpec().getRenewTime().toInstant()).isEqualTo(NOON);
    assertThat(lease().period()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aRenewalMovesTheRenewTimeOnly() {
    NodeLease lease = lease();
    lease.renew();
    clock.now = NOON.plusSeconds(2);

    lease.renew();

    assertThat(read().getSpec().getRenewTime().toInstant()).isEqualTo(NOON.plusSeconds(2));
    assertThat(read().getSpec().getAcquireTime().toInstant()).isEqualTo(NOON);
  }

  @Test
  void aReleasedLeaseHasNoHolderAndTheNextAgentAcquiresIt() {
    lease().renew();
    lease().release();
    assertThat(read().getSpec().getHolderIdentity()).isEmpty();
    clock.now = NOON.plusSeconds(60);

    lease().renew();

    assertThat(read().getSpec().getHolderIdentity()).isEqualTo("n1");
    assertThat(read().getSpec().getAcquireTime().toInstant()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void aLeaseThatSomebodyDeletedIsMadeAgain() {
    NodeLease lease = lease();
    lease.renew();
    client.leases().inNamespace("dunlin-system").withName("dunlin-agent-n1").delete();

    assertThatThrownBy(lease::renew).isInstanceOf(KubernetesClientException.class);
    lease.renew();

    assertThat(read()).isNotNull();
  }

  private NodeLease lease() {
    return new NodeLease(client, "dunlin-system", "n1", Duration.ofSeconds(8), clock);
  }

  private Lease read() {
    return client.leases().inNamespace("dunlin-system").withName("dunlin-agent-n1").get();
  }

  private static final class HandSetClock extends Clock {
    private Instant now = NOON;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
