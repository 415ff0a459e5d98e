package dev.dunlin.engine.jvm.wasi;

/** The guest called {@code proc_exit}. */
public final class ExitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  ExitException(int code) {
    super("proc_exit(" + code + ")", null, false, false);
    this.code = code;
  }

  public int code() {
    return code;
  }
}
