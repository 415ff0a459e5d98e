package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.WasmInstance;

/** Tells people what happens, as Kubernetes Events. Never makes the teller wait. */
public interface InstanceEvents {
  void tell(WasmInstance instance, boolean warning, String reason, String message);
}
