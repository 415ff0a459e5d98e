package dev.dunlin.operator.app;

/** The API server does not want what an app needs; the message says what and why. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
