package dev.dunlin.operator.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.oci.Credentials;
import dev.dunlin.oci.ImageReference;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class PullSecretsTest {
  private static final ImageReference PRIVATE = ImageReference.parse("registry.example.com/a/b:1");

  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  @Test
  void credentialsComeFromASecretOfTheAppsNamespace() {
    secret(
        ".dockerconfigjson",
        "{\"auths\":{\"registry.example.com\":{\"username\":\"ada\",\"password\":\"lovelace\"}}}");

    assertThat(new PullSecrets(client).of("apps", List.of("pull")).find(PRIVATE))
        .contains(new Credentials("ada", "lovelace"));
  }

  @Test
  void aSecretOfAnotherNamespaceIsNotThere() {
    secret(".dockerconfigjson", "{\"auths\":{}}");

    assertThatThrownBy(() -> new PullSecrets(client).of("others", List.of("pull")))
        .isInstanceOfSatisfying(
            PullSecretException.class,
            fault -> assertThat(fault.reason()).isEqualTo(Reasons.SECRET_NOT_FOUND))
        .hasMessageContaining("Secret pull of spec.imagePullSecrets")
        .hasMessageContaining("namespace others");
  }

  @Test
  void aSecretOfAnotherTypeIsNamedWithTheKeyItLacks() {
    secret("password", "lovelace");

    assertThatThrownBy(() -> new PullSecrets(client).of("apps", List.of("pull")))
        .isInstanceOfSatisfying(
            PullSecretException.class,
            fault -> assertThat(fault.reason()).isEqualTo(Reasons.KEY_NOT_FOUND))
        .hasMessageContaining(".dockerconfigjson");
  }

  @Test
  void aDockerConfigurationThatIsNoneIsRefusedWithoutShowingIt() {
    secret(".dockerconfigjson", "lovelace");

    assertThatThrownBy(() -> new PullSecrets(client).of("apps", List.of("pull")))
        .isInstanceOfSatisfying(
            PullSecretException.class,
            fault -> assertThat(fault.reason()).isEqualTo(Reasons.IMAGE_UNAUTHORIZED))
        .message()
        .contains("pull")
        .doesNotContain("lovelace");
  }

  private void secret(String key, String value) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("pull")
                .withNamespace("apps")
                .endMetadata()
                .withData(
                    Map.of(
                        key,
                        java.util.Base64.getEncoder()
                            .encodeToString(
                                value.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .build())
        .create();
  }
}
