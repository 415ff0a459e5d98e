package dev.dunlin.agent.volume;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an agent has for files of instances.
 *
 * @param local folder for WasmVolumes of this node; empty: none are offered
 * @param shared folder that all agents share; empty: none are offered
 * @param emptyDirBytes what an emptyDir may take that says nothing of it
 */
public record VolumeSettings(Optional<Path> local, Optional<Path> shared, long emptyDirBytes) {
  public static final VolumeSettings DEFAULT =
      new VolumeSettings(Optional.empty(), Optional.empty(), 1L << 30);
}
