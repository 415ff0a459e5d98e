package dev.dunlin.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

@OnRealApiServer(own = true)
class ControlPlaneTest {
  @Test
  void comesBackWithItsDataAfterAnOutage(ControlPlane controlPlane, KubernetesClient client) {
    client
        .resource(new ConfigMapBuilder().withNewMetadata().withName("kept").endMetadata().build())
        .create();

    controlPlane.stopApiServer();
    assertThatThrownBy(() -> client.configMaps().withName("kept").get())
        .isInstanceOf(KubernetesClientException.class);
    controlPlane.startApiServer();

    assertThat(client.configMaps().withName("kept").get()).isNotNull();
  }

  @Test
  void kubectlSeesTheVersionThatWasBuilt(Kubectl kubectl) {
    assertThat(kubectl.run("version")).contains("Server Version: v1.");
  }
}
