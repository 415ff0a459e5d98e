package dev.dunlin.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.NodeLogs;
import dev.dunlin.engine.EngineInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class HeartbeatTest {
  private static final String NODE = "/apis/dunlin.dev/v1alpha1/wasmnodes/n1";
  private static final String APPLY = "?fieldManager=dunlin-agent&force=true";
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/dunlin-system/leases";

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private final LaterClock clock = new LaterClock();
  private final AtomicInteger tried = new AtomicInteger();
  private final AtomicInteger prepared = new AtomicInteger();
  private volatile boolean failing;

  @Test
  void anAgentIsKnownOnceItsNodeAndItsLeaseAreWritten() {
    takesTheNode();
    takesTheLease();

    try (var heartbeat = heartbeat()) {
      assertThat(heartbeat.isKnown()).isFalse();
      heartbeat.start();

      await().until(heartbeat::isKnown);
    }
  }

  @Test
  void aRegistrationThatIsRefusedIsTriedAgain() {
    server.expect().patch().withPath(NODE + APPLY).andReturn(500, "{}").times(2);
    takesTheNode();
    takesTheLease();

    try (var heartbeat = heartbeat()) {
      heartbeat.start();

      await().until(heartbeat::isKnown);
    }
  }

  @Test
  void aNodeThatCannotBeWrittenDoesNotKeepTheLeaseFromBeingRenewed() throws Exception {
    takesTheLease(); // and answers 404 to whatever comes for the node

    try (var heartbeat = heartbeat()) {
      heartbeat.start();

      await().until(() -> isTaken(LEASES, "POST"));
      assertThat(heartbeat.isKnown()).isFalse();
    }
  }

  @Test
  void aLeaseThatCouldNotBeRenewedForLongIsRenewedOnlyOnceTheReturnIsPrepared() {
    takesTheNode();
    takesTheLease();
    try (var heartbeat = heartbeat()) {
      heartbeat.start();
      await().until(heartbeat::isKnown);
      assertThat(tried).hasValue(0);

      failing = true;
      clock.goOn(Duration.ofMinutes(1));
      await().until(() -> tried.get() > 2); // a renewal would have ended the silence
      failing = false;
      await().until(() -> prepared.get() == 1);
      clock.goOn(Duration.ofMinutes(1));

      await().until(() -> prepared.get() == 2);
    }
  }

  private boolean isTaken(String path, String method) throws InterruptedException {
    var request = server.takeRequest();
    return request.getPath().startsWith(path) && request.getMethod().equals(method);
  }

  private void takesTheNode() {
    server.expect().patch().withPath(NODE + APPLY).andReturn(200, "{}").always();
    server.expect().patch().withPath(NODE + "/status" + APPLY).andReturn(200, "{}").always();
  }

  private void takesTheLease() {
    var lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace("dunlin-system")
            .withName("dunlin-agent-n1")
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity("n1")
            .endSpec()
            .build();
    server.expect().post().withPath(LEASES).andReturn(201, lease).always();
    server.expect().put().withPath(LEASES + "/dunlin-agent-n1").andReturn(200, lease).always();
  }

  private void comeBack() {
    tried.incrementAndGet();
    if (failing) {
      throw new IllegalStateException("the API server is away");
    }
    prepared.incrementAndGet();
  }

  /** The system's, and as much later as a test says. */
  private static final class LaterClock extends Clock {
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);

    void goOn(Duration time) {
      later.updateAndGet(before -> before.plus(time));
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(later.get());
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

  private Heartbeat heartbeat() {
    var identity =
        new NodeIdentity(
            "n1",
            Map.of(),
            "192.0.2.1",
            8081,
            new NodeLogs("192.0.2.1", 8082, "ab12"),
            "1.0",
            new EngineInfo("jvm", "1", List.of("wasi:p1")),
            1L << 30,
            new Quantity("2"),
            10,
            "2026-01-02T03:04:05Z",
            "dunlin-system");
    return new Heartbeat(
        new NodeRegistration(client, identity, List::of, () -> false),
        new NodeLease(client, "dunlin-system", "n1", Duration.ofSeconds(1), clock),
        this::comeBack,
        clock);
  }
}
