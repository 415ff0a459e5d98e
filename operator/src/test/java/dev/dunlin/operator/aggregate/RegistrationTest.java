package dev.dunlin.operator.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.https.Response;
import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What it does not write; what it does is tried on a real API server (the mock takes no server-side
 * apply, and answers that with 415).
 */
@EnableKubernetesMockClient(crud = true)
class RegistrationTest {
  private static final String OURS = "dunlin-operator";

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private Registration registration;

  private List<OwnerReference> owners = List.of();

  @BeforeEach
  void isThere() {
    registration = new Registration(client, "dunlin", "operator", () -> owners);
    service("dunlin", "operator");
  }

  @Test
  void withoutAServiceInFrontOfItNothingIsRegistered() {
    client.services().inNamespace("dunlin").withName("operator").delete();

    assertThat(apply())
        .containsEntry(
            "metrics.x", "there is no Service dunlin/operator in front of this operator");
  }

  @Test
  void whatLeadsToAnothersServiceIsLeftAsItIs() {
    service("monitoring", "adapter");
    for (String labelled : List.of(OURS, "Helm")) {
      var others = apiService("v2.metrics.x", "monitoring", "adapter", labelled);

      assertThat(apply())
          .containsEntry(
              "metrics.x", "APIService v2.metrics.x leads to Service monitoring/adapter");
      assertThat(client.apiServices().withName("v2.metrics.x").get().getSpec())
          .isEqualTo(others.getSpec());
    }
  }

  @Test
  void whoHasAnotherVersionHasTheGroup() {
    var _ = apiService("v1.metrics.x", "monitoring", "adapter", "Helm");

    assertThat(apply())
        .containsEntry("metrics.x", "APIService v1.metrics.x leads to Service monitoring/adapter");
    assertThat(client.apiServices().withName("v2.metrics.x").get()).isNull();
  }

  @Test
  void whatTheApiServerServesItselfIsItsOwn() {
    var _ = apiService("v1.metrics.x", null, null, "");

    assertThat(apply())
        .containsEntry("metrics.x", "APIService v1.metrics.x is the API server's own");
  }

  @Test
  void whatAnOperatorHasLeftBehindThatIsGoneIsTakenOver() {
    var _ = apiService("v2.metrics.x", "before", "operator", OURS);

    assertThatThrownBy(this::apply)
        .as("it is applied")
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("415");
  }

  @Test
  void whatIsThereAlreadyIsWrittenAgainOnlyForAnotherOwner() {
    owners = List.of(new OwnerReferenceBuilder().withKind("ClusterRole").withName("x").build());
    var found = registration.apiService(new Metrics(), 443, "certificate");
    client.resource(found).create();

    assertThat(apply()).isEmpty();
    owners = List.of();
    assertThatThrownBy(this::apply).as("it is applied").hasMessageContaining("415");
  }

  @Test
  void whatIsNotServedAnyMoreIsWithdrawnWhereItLedHere() {
    service("monitoring", "adapter");
    var _ = apiService("v2.metrics.x", "dunlin", "operator", OURS);
    var _ = apiService("v2.other.x", "monitoring", "adapter", OURS);
    var _ = apiService("v2.hand.x", "dunlin", "operator", "somebody");

    registration.withdraw(Set.of("v2.metrics.x", "v2.other.x", "v2.hand.x", "v2.none.x"));

    assertThat(client.apiServices().list().getItems())
        .extracting(it -> it.getMetadata().getName())
        .containsExactlyInAnyOrder("v2.other.x", "v2.hand.x");
  }

  private Map<String, String> apply() {
    return registration.apply(List.of(new Metrics()), "certificate");
  }

  private void service(String namespace, String name) {
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withName("aggregated")
                .withPort(443)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  private APIService apiService(
      String name, @Nullable String namespace, @Nullable String service, String managedBy) {
    var made =
        new APIServiceBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("app.kubernetes.io/managed-by", managedBy)
            .endMetadata()
            .withNewSpec()
            .withGroup(name.substring(3))
            .withVersion(name.substring(0, 2))
            .endSpec();
    if (service != null)
      made.editSpec()
          .withNewService()
          .withNamespace(namespace)
          .withName(service)
          .withPort(443)
          .endService()
          .endSpec();
    client.apiServices().withName(name).delete();
    return client.resource(made.build()).create();
  }

  private static final class Metrics implements ApiGroup {
    @Override
    public String name() {
      return "metrics.x";
    }

    @Override
    public String version() {
      return "v2";
    }

    @Override
    public List<String> otherVersions() {
      return List.of("v1");
    }

    @Override
    public List<ApiResource> resources() {
      return List.of();
    }

    @Override
    public void answer(ApiRequest request, Response response) {
      throw new IllegalStateException("nobody asks");
    }
  }
}
