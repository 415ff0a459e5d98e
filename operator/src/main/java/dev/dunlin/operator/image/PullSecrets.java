package dev.dunlin.operator.image;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.oci.Keychain;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the Secrets that open a registry, each by name: the operator may not list Secrets. */
public final class PullSecrets {
  private static final String KEY = ".dockerconfigjson";
  private final KubernetesClient client;

  public PullSecrets(KubernetesClient client) {
    this.client = client;
  }

  /** The credentials of those Secrets. */
  public Keychain of(String namespace, List<String> names) {
    if (names.isEmpty()) return Keychain.EMPTY;
    var texts = new ArrayList<String>();
    for (String name : names) texts.add(text(namespace, name));
    try {
      return Keychain.ofDockerConfigs(texts);
    } catch (IllegalArgumentException e) {
      throw new PullSecretException(
          Reasons.IMAGE_UNAUTHORIZED,
          "A Secret of spec.imagePullSecrets (%s) is no Docker configuration: %s"
              .formatted(String.join(", ", names), e.getMessage()),
          e);
    }
  }

  private String text(String namespace, String name) {
    @Nullable Secret secret = read(namespace, name);
    if (secret == null)
      throw new PullSecretException(
          Reasons.SECRET_NOT_FOUND,
          "Secret %s of spec.imagePullSecrets does not exist in namespace %s. Create it."
              .formatted(name, namespace));
    @Nullable String data = secret.getData() == null ? null : secret.getData().get(KEY);
    if (data == null)
      throw new PullSecretException(
          Reasons.KEY_NOT_FOUND,
          "Secret %s of spec.imagePullSecrets has no key %s; it must be of type kubernetes.io/dockerconfigjson."
              .formatted(name, KEY));
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private @Nullable Secret read(String namespace, String name) {
    try {
      return client.secrets().inNamespace(namespace).withName(name).get();
    } catch (KubernetesClientException e) {
      throw new PullSecretException(
          Reasons.REGISTRY_UNAVAILABLE,
          "Secret %s of spec.imagePullSecrets could not be read: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }
}
