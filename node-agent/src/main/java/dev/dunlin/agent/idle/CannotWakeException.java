package dev.dunlin.agent.idle;

/** An app is idle, and what it needs to answer cannot be had now: the next request tries again. */
public final class CannotWakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotWakeException(Throwable cause) {
    super("it was idle and cannot be woken: " + cause.getMessage(), cause);
  }
}
