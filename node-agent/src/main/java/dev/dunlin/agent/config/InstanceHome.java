package dev.dunlin.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** An instance's folder on the node: its volumes. Only the agent's user can look into it. */
public final class InstanceHome {
  private final Path root;

  public InstanceHome(Path root) {
    this.root = root;
  }

  /** Writes a volume anew (an emptyDir keeps what is in it), and says where it is. */
  Path write(String volume, VolumeFiles files) throws IOException {
    Path folder = inside(root.resolve("volumes"), volume);
    if (!files.writable()) {
      FolderRemoval.delete(folder);
    }
    createPrivate(folder);
    for (var file : files.files().entrySet()) {
      Path path = inside(folder, file.getKey());
      Files.createDirectories(path.getParent() == null ? folder : path.getParent());
      Files.write(path, file.getValue());
    }
    return folder;
  }

  /** Removes the folder and all that is in it; links are removed, never followed. */
  public void delete() throws IOException {
    FolderRemoval.delete(root);
  }

  private static void createPrivate(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  /** The API server refuses such paths as well; files of the node must not hang on that alone. */
  private static Path inside(Path folder, String relative) throws IOException {
    Path path = folder.resolve(relative).normalize();
    if (!path.startsWith(folder) || path.equals(folder)) {
      throw new IOException("\"" + relative + "\" leads out of " + folder);
    }
    return path;
  }
}
