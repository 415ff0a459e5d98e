package dev.dunlin.operator.metrics;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What an agent has counted of one revision of an app, since it came there.
 *
 * @param status answers of class 1xx to 5xx
 * @param latency answers by how long they took, by the bounds that are read with it; the last has
 *     what is above them all
 * @param inFlight requests there now, waiting or worked on
 * @param cpuSeconds of all its guests
 * @param memoryBytes of all its guests now
 * @param instances there now
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Reading(
    String namespace,
    String app,
    String revision,
    List<Long> status,
    List<Long> latency,
    double waitedSeconds,
    int inFlight,
    int waiting,
    double cpuSeconds,
    long memoryBytes,
    int instances) {
  /** Classes of answers: 1xx to 5xx. */
  static final int CLASSES = 5;

  Reading {
    status = List.copyOf(status);
    latency = List.copyOf(latency);
  }

  /** One of the same that has counted nothing. */
  Reading nothing() {
    return new Reading(
        namespace, app, revision, zeros(status.size()), zeros(latency.size()), 0, 0, 0, 0, 0, 0);
  }

  /** The same with the latency counted by other bounds. */
  Reading withLatency(List<Long> other) {
    return new Reading(
        namespace,
        app,
        revision,
        status,
        other,
        waitedSeconds,
        inFlight,
        waiting,
        cpuSeconds,
        memoryBytes,
        instances);
  }

  long requests() {
    return status.stream().mapToLong(Long::longValue).sum();
  }

  private static List<Long> zeros(int count) {
    return java.util.Collections.nCopies(count, 0L);
  }
}
