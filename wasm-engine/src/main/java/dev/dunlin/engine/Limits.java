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
 */
public record Limits(long memoryBytes, Optional<Duration> deadline, int openFiles) {
  public static final long DEFAULT_MEMORY_BYTES = 128L << 20;
  public static final int DEFAULT_OPEN_FILES = 256;

  /** 128 MiB, no deadline, 256 open files. */
  public static Limits defaults() {
    return new Limits(DEFAULT_MEMORY_BYTES, Optional.empty(), DEFAULT_OPEN_FILES);
  }

  public Limits withMemoryBytes(long bytes) {
    return new Limits(bytes, deadline, openFiles);
  }

  public Limits withDeadline(Duration limit) {
    return new Limits(memoryBytes, Optional.of(limit), openFiles);
  }
}
