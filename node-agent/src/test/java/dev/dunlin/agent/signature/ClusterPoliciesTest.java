package dev.dunlin.agent.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.oci.ImageReference;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClusterPoliciesTest {
  private static final ImageReference IMAGE =
      ImageReference.parse("registry.example.com/app@sha256:" + "a".repeat(64));

  @Nested
  @EnableKubernetesMockClient(crud = true)
  class WithAnApiServer {
    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @Test
    void policiesAreSeenAndTheirChangesAreTold() throws InterruptedException {
      var told = new AtomicInteger();
      try (var policies = new ClusterPolicies(client)) {
        policies.start(told::incrementAndGet);
        assertThat(policies.concerning("default", IMAGE)).isEmpty();

        client.resource(policy("")).create();

        await().until(() -> !policies.concerning("default", IMAGE).isEmpty());
        assertThat(told).hasPositiveValue();
      }
    }

    @Test
    void aNamespaceIsAskedForItsLabels() throws InterruptedException {
      client.resource(policy("namespaceSelector: {matchLabels: {env: prod}},")).create();
      client
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName("shop")
                  .addToLabels("env", "prod")
                  .endMetadata()
                  .build())
          .create();
      try (var policies = new ClusterPolicies(client)) {
        policies.start(() -> {});

        assertThat(policies.concerning("shop", IMAGE)).hasSize(1);
        var refusal =
            catchThrowableOfType(
                ImageRefusedException.class, () -> policies.concerning("unknown", IMAGE));
        assertThat(refusal.reason()).isEqualTo(Reasons.POLICY_UNAVAILABLE);
      }
    }
  }

  @Nested
  @EnableKubernetesMockClient
  class WithoutARightToRead {
    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @Test
    void nothingIsLetThrough() {
      try (var policies = new ClusterPolicies(client)) {
        policies.start(() -> {});

        var refusal =
            catchThrowableOfType(
                ImageRefusedException.class, () -> policies.concerning("default", IMAGE));

        assertThat(refusal.reason()).isEqualTo(Reasons.POLICY_UNAVAILABLE);
        assertThat(refusal).hasMessageContaining("WasmImagePolicies could not be read");
      }
    }
  }

  private static WasmImagePolicy policy(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: dunlin.dev/v1alpha1
        kind: WasmImagePolicy
        metadata: {name: signed}
        spec: {%s authorities: [{name: a, key: k}]}
        """
            .formatted(spec),
        WasmImagePolicy.class);
  }
}
