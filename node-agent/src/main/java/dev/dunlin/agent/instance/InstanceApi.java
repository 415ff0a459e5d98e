package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;

/**
 * What an agent writes of instances. Faults are the API server's {@code
 * KubernetesClientException}s.
 */
public interface InstanceApi {
  /** Replaces the status of {@code instance} (by name and uid); does nothing once it is gone. */
  void applyStatus(WasmInstance instance, WasmInstanceStatus status);

  /** Takes {@link Api#INSTANCE_FINALIZER} off, so that the instance can go. */
  void removeFinalizer(WasmInstance instance);
}
