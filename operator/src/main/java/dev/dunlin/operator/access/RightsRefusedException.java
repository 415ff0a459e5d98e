package dev.dunlin.operator.access;

/** The API server does not let agents read what an instance refers to. */
public final class RightsRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RightsRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
