package dev.dunlin.agent.module;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.oci.ImageReference;
import org.jspecify.annotations.Nullable;

/** The node, not the registry, is why there is no module. */
public final class ModuleStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  private ModuleStoreException(String reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static ModuleStoreException neverPulled(ImageReference image) {
    return new ModuleStoreException(
        Reasons.IMAGE_NEVER_PULLED,
        "%s: expected it in this node's cache for the app's credentials, because imagePullPolicy is Never; found nothing"
            .formatted(image),
        null);
  }

  static ModuleStoreException full(String message, @Nullable Throwable cause) {
    return new ModuleStoreException(Reasons.MODULE_CACHE_FULL, message, cause);
  }

  /** One of {@link Reasons}. */
  public String reason() {
    return reason;
  }

  /** Whether trying again later can help: space comes back, a policy of Never does not change. */
  public boolean isTransient() {
    return reason.equals(Reasons.MODULE_CACHE_FULL);
  }
}
