package dev.dunlin.agent.instance;

import dev.dunlin.agent.config.ConfigSource;
import dev.dunlin.api.v1alpha1.LocalObjectReference;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The credentials that an instance may pull with. */
final class PullSecrets {
  private static final String KEY = ".dockerconfigjson";

  private PullSecrets() {}

  /**
   * A pull secret that is not there opens nothing, as for Pods: the registry then says what is
   * missing.
   */
  static Keychain keychain(WasmInstance instance, ConfigSource source) {
    List<LocalObjectReference> names = instance.getSpec().imagePullSecrets();
    if (names.isEmpty()) {
      return Keychain.EMPTY;
    }
    String namespace = instance.getMetadata().getNamespace();
    var configs = new ArrayList<String>();
    for (LocalObjectReference secret : names) {
      byte[] text = source.secret(namespace, secret.name()).orElse(Map.of()).get(KEY);
      if (text != null) {
        configs.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    try {
      return Keychain.ofDockerConfigs(configs);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(
          RegistryException.Kind.UNAUTHORIZED,
          "a pull secret of namespace %s (%s) cannot be read: %s"
              .formatted(
                  namespace,
                  String.join(", ", names.stream().map(LocalObjectReference::name).toList()),
                  e.getMessage()),
          e);
    }
  }
}
