package dev.dunlin.agent.config;

/**
 * What an instance refers to is not there: the user's move. The reason is one of the API's {@code
 * Reasons}.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public ConfigException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
