package dev.dunlin.agent;

import java.io.IOException;
import java.nio.file.Path;

/** Two agents cannot share a data folder: each would remove what the other runs. */
public final class DataDirInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  DataDirInUseException(Path dataDir, String holderPid) {
    super(
        "--data-dir: expected a folder that no other agent uses, found that process "
            + holderPid
            + " uses "
            + dataDir);
  }
}
