package dev.dunlin.agent.config;

import dev.dunlin.api.v1alpha1.WasmInstance;
import java.io.IOException;
import java.nio.file.Path;

/** The folders of WasmVolumes. Safe for use by many threads. */
public interface VolumeSource {
  /** Where a volume's files are, and how many bytes they may take. */
  record Folder(Path path, long limitBytes) {}

  /**
   * The folder of a WasmVolume of the instance's namespace, made if need be.
   *
   * @throws ConfigException when the instance cannot have it, or when it is full
   */
  Folder open(WasmInstance instance, String claimName) throws IOException;
}
