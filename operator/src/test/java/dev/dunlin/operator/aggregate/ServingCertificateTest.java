package dev.dunlin.operator.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ServingCertificateTest {
  private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private ServingCertificate replica(Instant now) {
    return new ServingCertificate(
        client,
        "dunlin-system",
        "dunlin-aggregated-api",
        List.of("dunlin.dunlin-system.svc", "dunlin"),
        List::of,
        Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void allReplicasShowTheSameOne() {
    var first = replica(NOW).held();
    var second = replica(NOW).held();

    assertThat(second).isEqualTo(first);
    assertThat(first.trusted()).isEqualTo(first.identity().certificatePem());
  }

  @Test
  void aNewOneIsMadeInTimeAndTheOldStaysTrusted() {
    var old = replica(NOW).held();

    assertThat(replica(NOW.plus(Duration.ofDays(240))).held()).isEqualTo(old);
    var next = replica(NOW.plus(Duration.ofDays(250))).held();
    assertThat(next.identity()).isNotEqualTo(old.identity());
    assertThat(next.trusted())
        .isEqualTo(next.identity().certificatePem() + old.identity().certificatePem());
    assertThat(replica(NOW.plus(Duration.ofDays(251))).held()).isEqualTo(next);
  }

  @Test
  void whatIsNoCertificateIsReplaced() {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("dunlin-system")
                .withName("dunlin-aggregated-api")
                .endMetadata()
                .addToStringData("tls.crt", "spoilt")
                .build())
        .create();

    var made = replica(NOW).held();

    assertThat(replica(NOW).held()).isEqualTo(made);
  }
}
