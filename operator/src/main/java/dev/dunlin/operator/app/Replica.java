package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;

/**
 * One instance as a roll-out sees it.
 *
 * @param current whether it is of what is to run
 * @param lost whether its node is gone
 * @param leaving whether it has to leave its node
 * @param available whether it has been ready for long enough
 */
record Replica(
    Instance instance, boolean current, boolean lost, boolean leaving, boolean available) {

  /** Whether it is there to stay, as far as its node and its agent say. */
  boolean alive() {
    return !instance.terminating() && !lost && !instance.evicted();
  }

  /** Whether it is there to stay and of what is to run. */
  boolean fresh() {
    return alive() && current && !leaving;
  }

  /** Whether it was there, of another template, and is no more, or not for long. */
  boolean oldAndGoing() {
    return !current
        && !instance.terminating()
        && (lost || instance.evicted() || (leaving && !instance.finished()));
  }

  /** Whether it may become ready yet, as far as its agent knows. */
  boolean starting() {
    return !available && !instance.finished() && !Fault.isIn(instance);
  }
}
