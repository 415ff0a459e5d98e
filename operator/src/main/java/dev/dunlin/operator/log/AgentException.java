package dev.dunlin.operator.log;

/** An agent does not give a log; the message is for whoever has asked for it. */
final class AgentException extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;

  /**
   * One for a Status.
   *
   * @param code of HTTP
   */
  AgentException(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
