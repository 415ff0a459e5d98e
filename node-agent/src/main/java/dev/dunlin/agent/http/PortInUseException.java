package dev.dunlin.agent.http;

/** An app's port on this node belongs to somebody else. */
public final class PortInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortInUseException(String message) {
    super(message);
  }

  PortInUseException(String message, Throwable cause) {
    super(message, cause);
  }
}
