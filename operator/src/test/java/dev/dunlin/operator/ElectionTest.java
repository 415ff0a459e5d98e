package dev.dunlin.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ElectionTest {
  private final AtomicInteger won = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private Election election(String identity) {
    return new Election(client, "ns", identity, won::incrementAndGet, lost::incrementAndGet);
  }

  private @Nullable String holder() {
    return client
        .leases()
        .inNamespace("ns")
        .withName(Election.LEASE)
        .get()
        .getSpec()
        .getHolderIdentity();
  }

  @Test
  void whoGivesTheLeadBackHasNotLostIt() {
    var election = election("a");
    election.start();
    await().until(() -> won.get() == 1);

    election.close();

    assertThat(lost).hasValue(0);
  }

  @Test
  void aLeadThatIsGivenBackIsTakenByTheNext() {
    var first = election("a");
    first.start();
    await().until(() -> won.get() == 1);
    try (var second = election("b")) {
      second.start();

      first.close();

      await().until(() -> won.get() == 2);
      assertThat(holder()).isEqualTo("b");
    }
  }
}
