package dev.dunlin.cli.terminal;

/** A command cannot do what it was asked for: where, what was expected, and what was found. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public Failure(String message) {
    this(Exit.FAILED, message);
  }

  public Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** One of {@link Exit}. */
  public int exitCode() {
    return exitCode;
  }

  /** The command line says something that cannot be. */
  public static Failure usage(String message) {
    return new Failure(Exit.USAGE, message);
  }
}
