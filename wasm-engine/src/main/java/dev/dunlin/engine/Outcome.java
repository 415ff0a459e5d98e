package dev.dunlin.engine;

import java.time.Duration;

/** How a run ended. */
public sealed interface Outcome {
  /** {@code proc_exit(code)}, or a return from {@code _start} (code 0). */
  record Exited(int code) implements Outcome {
    public boolean success() {
      return code == 0;
    }
  }

  /**
   * A trap: the guest broke a rule of WebAssembly, or the engine failed it. {@code message} says
   * which.
   */
  record Trapped(TrapKind kind, String message) implements Outcome {}

  /**
   * The guest trapped or gave up after its linear memory or tables were refused to grow.
   *
   * @param engineFull false: beyond {@code limitBytes}; true: within them, but the engine had no
   *     memory left to give, to this guest or any
   */
  record OutOfMemory(long limitBytes, boolean engineFull) implements Outcome {
    /** Its own limit stopped it. */
    public OutOfMemory(long limitBytes) {
      this(limitBytes, false);
    }
  }

  /** The run took longer than {@code deadline}. */
  record DeadlineExceeded(Duration deadline) implements Outcome {}

  /** The run used more processor time than {@code limit}. */
  record CpuTimeExceeded(Duration limit) implements Outcome {}

  /** Ended from outside. */
  record Cancelled() implements Outcome {}

  /** Kinds of trap (WebAssembly core specification, 4.4, and the limits of the engine). */
  enum TrapKind {
    UNREACHABLE,
    MEMORY_OUT_OF_BOUNDS,
    TABLE_OUT_OF_BOUNDS,
    INDIRECT_CALL,
    INTEGER_DIVISION,
    INTEGER_OVERFLOW,
    STACK_OVERFLOW,
    /** Everything else; the message tells. */
    OTHER
  }
}
