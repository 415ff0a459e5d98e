package dev.dunlin.agent.config;

import dev.dunlin.agent.disk.FolderRemoval;
import dev.dunlin.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;

/** An instance's folder on the node: its volumes. Only the agent's user can look into it. */
public final class InstanceHome {
  private final Path root;

  public InstanceHome(Path root) {
    this.root = root;
  }

  /** The folder of a volume, made if need be; it keeps what is in it. */
  Path volume(String name) throws IOException {
    return PrivateFolder.create(root.resolve("volumes"), name);
  }

  /** Removes the folder and all that is in it; links are removed, never followed. */
  public void delete() throws IOException {
    FolderRemoval.delete(root);
  }
}
