package dev.dunlin.engine;

/** Compiled code, ready to be instantiated any number of times, by many threads at once. */
public interface Module extends AutoCloseable {
  /** What this module is. */
  ModuleKind kind();

  /**
   * Whether its code is the best that this engine makes; false while quickly made code runs and
   * better is under way.
   */
  boolean optimized();

  /**
   * Starts the module as a command on a new instance and returns at once; the guest runs on a
   * thread of the engine's. The streams of {@code stdio} are the caller's to close, once {@link
   * Execution#outcome} has returned.
   */
  Execution start(Grants grants, Limits limits, Stdio stdio);

  /** Runs the module as a command on a new instance, to its end. */
  default Outcome run(Grants grants, Limits limits, Stdio stdio) throws InterruptedException {
    try (Execution execution = start(grants, limits, stdio)) {
      return execution.outcome();
    }
  }

  /**
   * Makes the module answer HTTP requests with these grants; {@code limits.deadline()} and {@code
   * limits.cpuTime()} are per request. A command answers by the CGI convention (see docs/wasi.md).
   */
  HttpGuest http(Grants grants, Limits limits, HttpSettings settings);

  /** Frees the compiled code once the last execution has ended; nothing new can be started. */
  @Override
  void close();
}
