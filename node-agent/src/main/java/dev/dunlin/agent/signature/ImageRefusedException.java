package dev.dunlin.agent.signature;

/** An image may not start here, or it cannot be known whether it may. */
public final class ImageRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  ImageRefusedException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** One of {@link dev.dunlin.api.v1alpha1.Reasons}. */
  public String reason() {
    return reason;
  }
}
