package dev.dunlin.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ClusterConfigTest {
  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @Test
  void aConfigMapsKeysAreItsTextAndItsBytes() {
    configMap("hello");

    assertThat(new ClusterConfig(client, Duration.ZERO).configMap("apps", "settings").orElseThrow())
        .hasSize(2)
        .hasEntrySatisfying("greeting", bytes -> assertThat(bytes).isEqualTo(bytes("hello")))
        .hasEntrySatisfying("logo", bytes -> assertThat(bytes).isEqualTo(new byte[] {0, -1}));
  }

  @Test
  void aSecretsKeysAreDecoded() {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("keys")
                .withNamespace("apps")
                .endMetadata()
                .withData(Map.of("token", base64(bytes("s3cret"))))
                .build())
        .create();

    assertThat(new ClusterConfig(client, Duration.ZERO).secret("apps", "keys").orElseThrow())
        .hasEntrySatisfying("token", bytes -> assertThat(bytes).isEqualTo(bytes("s3cret")));
  }

  @Test
  void whatIsNotInTheAppsNamespaceIsNotThere() {
    configMap("hello");
    var config = new ClusterConfig(client, Duration.ZERO);

    assertThat(config.configMap("others", "settings")).isEmpty();
    assertThat(config.secret("apps", "settings")).isEmpty();
  }

  @Test
  void whatWasReadIsKeptForAWhileAndThenReadAnew() {
    configMap("hello");
    var forgetful = new ClusterConfig(client, Duration.ZERO);
    var keeping = new ClusterConfig(client, Duration.ofHours(1));
    assertThat(forgetful.configMap("apps", "settings")).isPresent();
    assertThat(keeping.configMap("apps", "settings")).isPresent();

    client.configMaps().inNamespace("apps").withName("settings").delete();

    assertThat(forgetful.configMap("apps", "settings")).isEmpty();
    assertThat(keeping.configMap("apps", "settings")).isPresent();
  }

  @Test
  void whoAsksForNothingOlderThanItselfIsToldWhatIsThereNow() {
    configMap("hello");
    var config = new ClusterConfig(client, Duration.ofHours(1));
    assertThat(config.configMap("apps", "settings")).isPresent();
    var before = config.since(System.nanoTime() - Duration.ofMinutes(1).toNanos());
    client.configMaps().inNamespace("apps").withName("settings").delete();

    assertThat(before.configMap("apps", "settings")).isPresent();
    var since = config.since(System.nanoTime());
    assertThat(since.configMap("apps", "settings")).isEmpty();
    assertThat(config.configMap("apps", "settings")).isEmpty();

    configMap("hello again");
    assertThat(since.configMap("apps", "settings")).as("asked once").isEmpty();
  }

  private void configMap(String greeting) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .withNamespace("apps")
                .endMetadata()
                .withData(Map.of("greeting", greeting))
                .withBinaryData(Map.of("logo", base64(new byte[] {0, -1})))
                .build())
        .create();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
