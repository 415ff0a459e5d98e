package dev.dunlin.e2e.bench.failover;

import java.util.List;

/**
 * What clients saw of an agent's end by SIGKILL.
 *
 * @param kubelet whether somebody told the API server at once that the agent's Pod is not ready
 * @param movedSeconds from the kill to the last request that was lost
 * @param replacedSeconds from the kill until all replicas were ready elsewhere
 * @param elsewhere requests lost to other agents than the dead one
 */
record Death(
    boolean kubelet,
    double movedSeconds,
    double replacedSeconds,
    long answered,
    long lost,
    List<String> elsewhere) {
  Death {
    elsewhere = List.copyOf(elsewhere);
  }

  int lostElsewhere() {
    return elsewhere.size();
  }
}
