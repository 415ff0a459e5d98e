package dev.dunlin.operator.instance;

import dev.dunlin.api.v1alpha1.WasmInstance;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Instances for tests. */
public final class AnInstance {
  /** One of the app {@code ns/app}. */
  public static WasmInstance of(
      String name, String revision, String node, String phase, boolean ready) {
    return Serialization.unmarshal(
        """
        ---
        metadata: {namespace: ns, name: %s, uid: uid-%s, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {appName: app, revision: %s, nodeName: %s, image: image}
        status: {phase: %s, ready: %s}
        """
            .formatted(name, name, revision, node, phase, ready),
        WasmInstance.class);
  }

  private AnInstance() {}
}
