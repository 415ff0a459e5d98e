package dev.dunlin.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * Walls that a run cannot pass.
 *
 * @param memoryBytes linear memory and tables together, in bytes; growing beyond it is refused to
 *     the guest
 * @param deadline wall-clock time of a run (of a request, for http); empty: none
 * @param openFiles descriptors open at once, the preopened ones included
 * @param cpuTime time on a processor of a run (of a request, for http); empty: none
 * @param instances core instances that a component may be made of; a core module is one
 */
public record Limits(
    long memoryBytes,
    Optional<Duration> deadline,
    int openFiles,
    Optional<Duration> cpuTime,
    int instances) {
  public static final long DEFAULT_MEMORY_BYTES = 128L << 20;
  public static final int DEFAULT_OPEN_FILES = 256;
  public static final int DEFAULT_INSTANCES = 1_000;

  /** 128 MiB, no deadline, 256 open files, no limit of CPU time, 1,000 instances. */
  public static Limits defaults() {
    return new Limits(
        DEFAULT_MEMORY_BYTES,
        Optional.empty(),
        DEFAULT_OPEN_FILES,
        Optional.empty(),
        DEFAULT_INSTANCES);
  }

  public Limits withMemoryBytes(long bytes) {
    return new Limits(bytes, deadline, openFiles, cpuTime, instances);
  }

  public Limits withDeadline(Duration limit) {
    return new Limits(memoryBytes, Optional.of(limit), openFiles, cpuTime, instances);
  }

  public Limits withOpenFiles(int count) {
    return new Limits(memoryBytes, deadline, count, cpuTime, instances);
  }

  public Limits withCpuTime(Duration limit) {
    return new Limits(memoryBytes, deadline, openFiles, Optional.of(limit), instances);
  }

  public Limits withInstances(int count) {
    return new Limits(memoryBytes, deadline, openFiles, cpuTime, count);
  }
}
