package dev.dunlin.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.EngineInfo;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  private Heartbeat heartbeat() {
    var identity =
        new NodeIdentity(
            "n1",
            Map.of(),
            "192.0.2.1",
            8081,
            "1.0",
            new EngineInfo("jvm", "1", List.of("wasi:p1")),
            1L << 30,
            10,
            "2026-01-02T03:04:05Z",
            "dunlin-system");
    return new Heartbeat(
        new NodeRegistration(client, identity, List::of),
        new NodeLease(client, "dunlin-system", "n1", Duration.ofSeconds(1), Clock.systemUTC()));
  }
}
