package dev.dunlin.agent.instance;

import dev.dunlin.agent.config.ConfigException;
import dev.dunlin.agent.http.PortInUseException;
import dev.dunlin.agent.module.ModuleStoreException;
import dev.dunlin.agent.signature.ImageRefusedException;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.oci.RegistryException;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What an exception means for an instance: its reason, and whether trying again can help. */
final class Faults {
  private Faults() {}

  static Fault of(RuntimeException exception) {
    return switch (exception) {
      case RegistryException registry -> of(registry);
      case ModuleStoreException store ->
          new Fault(
              store.reason(),
              message(store),
              store.isTransient() ? Fault.Retry.BACKOFF : Fault.Retry.RECHECK);
      case ImageRefusedException image ->
          new Fault(
              image.reason(),
              message(image),
              image.reason().equals(Reasons.POLICY_UNAVAILABLE)
                  ? Fault.Retry.RECHECK
                  : Fault.Retry.BACKOFF);
      case ModuleRefusedException module ->
          new Fault(reason(module.reason()), message(module), Fault.Retry.NEVER);
      case WorkloadFit.MismatchException mismatch ->
          new Fault(Reasons.WORKLOAD_MISMATCH, message(mismatch), Fault.Retry.NEVER);
      case ConfigException config ->
          new Fault(config.reason(), message(config), Fault.Retry.RECHECK);
      case KubernetesClientException api ->
          new Fault(
              Reasons.API_UNAVAILABLE,
              "the API server did not give what the instance refers to; it is asked again: "
                  + message(api),
              Fault.Retry.RECHECK);
      case PortInUseException port ->
          new Fault(Reasons.PORT_IN_USE, message(port), Fault.Retry.BACKOFF);
      default -> new Fault(Reasons.ERROR, message(exception), Fault.Retry.BACKOFF);
    };
  }

  private static Fault of(RegistryException fault) {
    return switch (fault.kind()) {
      case NOT_FOUND -> new Fault(Reasons.IMAGE_NOT_FOUND, message(fault), Fault.Retry.BACKOFF);
      case UNAUTHORIZED ->
          new Fault(Reasons.IMAGE_UNAUTHORIZED, message(fault), Fault.Retry.BACKOFF);
      case UNAVAILABLE ->
          new Fault(Reasons.REGISTRY_UNAVAILABLE, message(fault), Fault.Retry.BACKOFF);
      case DIGEST_MISMATCH ->
          new Fault(Reasons.IMAGE_DIGEST_MISMATCH, message(fault), Fault.Retry.BACKOFF);
      case INVALID -> new Fault(Reasons.IMAGE_INVALID, message(fault), Fault.Retry.NEVER);
      case TOO_LARGE -> new Fault(Reasons.IMAGE_TOO_LARGE, message(fault), Fault.Retry.NEVER);
    };
  }

  private static String reason(ModuleRefusedException.Reason reason) {
    return switch (reason) {
      case NOT_WASM -> Reasons.NOT_WASM;
      case MALFORMED -> Reasons.MODULE_MALFORMED;
      case INVALID -> Reasons.MODULE_INVALID;
      case MISSING_IMPORT -> Reasons.MISSING_IMPORT;
      case NO_ENTRY_POINT -> Reasons.NO_ENTRY_POINT;
      case COMPONENT_NOT_SUPPORTED -> Reasons.COMPONENT_NOT_SUPPORTED;
      case UNSUPPORTED_FEATURE -> Reasons.FEATURE_NOT_SUPPORTED;
      case TOO_LARGE -> Reasons.MODULE_TOO_LARGE;
    };
  }

  private static String message(RuntimeException exception) {
    return exception.getMessage() == null ? exception.toString() : exception.getMessage();
  }
}
