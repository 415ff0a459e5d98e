package dev.dunlin.engine;

import java.util.concurrent.CompletionStage;

/** One run of a command. */
public interface Execution extends AutoCloseable {
  /**
   * How the run ended; blocks until then. An interrupt of the waiting thread does not end the run.
   */
  Outcome outcome() throws InterruptedException;

  /** Completes, never exceptionally, with how the run ended. */
  CompletionStage<Outcome> ended();

  /**
   * Ends the run from outside within 100 ms, whatever it is doing (computing, sleeping, reading);
   * its outcome is then {@link Outcome.Cancelled}. Does nothing to a run that has ended.
   */
  void cancel();

  /**
   * Makes the run wait where it is, or go on; its deadline runs on, and it can be cancelled. The
   * native engine stops it within a time slice; the jvm engine at its next call of WASI, and code
   * that only computes goes on. Does nothing to a run that has ended.
   */
  void hold(boolean wait);

  /** What the run has used so far. */
  Usage usage();

  /** What the run has sent to other hosts so far. */
  default Outbound outbound() {
    return Outbound.NONE;
  }

  /** Cancels the run if it is still going, and waits for its end. */
  @Override
  void close();
}
