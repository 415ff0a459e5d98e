package dev.dunlin.agent.config;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A right may be as new as the instance that needs it. */
@EnableKubernetesMockClient
class NewRightTest {
  private static final String PATH = "/api/v1/namespaces/apps/secrets/keys";
  private static final Status FORBIDDEN =
      new StatusBuilder().withCode(HTTP_FORBIDDEN).withReason("Forbidden").build();

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @SuppressWarnings("NullAway.Init")
  private KubernetesMockServer server;

  @Test
  void whatMayBeReadAMomentLaterIsRead() {
    server.expect().get().withPath(PATH).andReturn(HTTP_FORBIDDEN, FORBIDDEN).times(2);
    server
        .expect()
        .get()
        .withPath(PATH)
        .andReturn(HTTP_OK, new SecretBuilder().addToData("key", "eA==").build())
        .once();

    assertThat(new ClusterConfig(client, Duration.ZERO).secret("apps", "keys").orElseThrow())
        .containsOnlyKeys("key");
  }

  @Test
  void whatMayNotBeReadIsNotTakenForMissing() {
    server.expect().get().withPath(PATH).andReturn(HTTP_FORBIDDEN, FORBIDDEN).always();
    var config = new ClusterConfig(client, Duration.ZERO);

    assertThatThrownBy(() -> config.secret("apps", "keys"))
        .isInstanceOf(KubernetesClientException.class)
        .extracting(e -> ((KubernetesClientException) e).getCode())
        .isEqualTo(HTTP_FORBIDDEN);
  }
}
