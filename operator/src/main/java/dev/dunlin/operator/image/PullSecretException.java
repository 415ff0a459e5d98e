package dev.dunlin.operator.image;

/** A pull secret could not be used; the message says which one and why. */
final class PullSecretException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String reason;

  PullSecretException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  PullSecretException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
