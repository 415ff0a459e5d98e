package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.Probe;

/** Whom a probe asks. */
public interface Asking {
  /**
   * Asks once; blocks until there is an answer. An interrupt gives it up.
   *
   * @throws InterruptedException when the calling thread was interrupted
   */
  ProbeResult ask(Probe probe) throws InterruptedException;
}
