package dev.dunlin.operator.app;

import org.jspecify.annotations.Nullable;

/** The cluster does not let an app have what it needs; the message says what and why. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final transient @Nullable AppStatus status;

  RefusedException(String reason, String message, @Nullable Throwable cause) {
    this(reason, message, cause, null);
  }

  private RefusedException(
      String reason,
      @Nullable String message,
      @Nullable Throwable cause,
      @Nullable AppStatus status) {
    super(message, cause);
    this.reason = reason;
    this.status = status;
  }

  /** Of the condition and the Event that tell of it. */
  String reason() {
    return reason;
  }

  /** What is to be said of the app because of it. */
  @Nullable AppStatus status() {
    return status;
  }

  RefusedException with(AppStatus of) {
    return new RefusedException(reason, getMessage(), this, of);
  }
}
