package dev.dunlin.agent.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of this process's container, as its cgroup (version 2) has it: the limit, and what
 * cannot be had back from the page cache (kubelet's working set).
 */
public final class ContainerMemory {
  private static final Logger log = LoggerFactory.getLogger(ContainerMemory.class);
  private static final String INACTIVE = "inactive_file ";

  private final Path cgroup;

  public ContainerMemory() {
    this(Path.of("/sys/fs/cgroup"));
  }

  /**
   * @param cgroup folder of the container's own cgroup
   */
  ContainerMemory(Path cgroup) {
    this.cgroup = cgroup;
  }

  /** Bytes that the container may have; empty: no limit, or none that can be read. */
  OptionalLong limitBytes() {
    return number("memory.max");
  }

  /** Bytes that it has and cannot give back at once. */
  OptionalLong workingSetBytes() {
    OptionalLong current = number("memory.current");
    return current.isEmpty()
        ? current
        : OptionalLong.of(Math.max(0, current.getAsLong() - inactiveFileBytes()));
  }

  private long inactiveFileBytes() {
    return lines("memory.stat").stream()
        .filter(line -> line.startsWith(INACTIVE))
        .mapToLong(line -> Long.parseLong(line.substring(INACTIVE.length()).strip()))
        .findFirst()
        .orElse(0);
  }

  private OptionalLong number(String file) {
    List<String> lines = lines(file);
    return lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,18}")
        ? OptionalLong.empty() // "max"
        : OptionalLong.of(Long.parseLong(lines.getFirst().strip()));
  }

  private List<String> lines(String file) {
    try {
      return Files.exists(cgroup.resolve(file))
          ? Files.readAllLines(cgroup.resolve(file))
          : List.of();
    } catch (IOException e) {
      log.debug("{} of the container cannot be read", file, e);
      return List.of();
    }
  }
}
