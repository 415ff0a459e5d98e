package dev.dunlin.agent.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders that only the agent's user can look into. */
public final class PrivateFolder {
  private PrivateFolder() {}

  /**
   * The folder of that name in {@code parent}, made if need be.
   *
   * @throws IOException also when {@code name} is more than a name, or something else is there
   */
  public static Path create(Path parent, String name) throws IOException {
    Path folder = parent.resolve(name);
    if (!name.matches("[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?")
        || !parent.equals(folder.getParent())) {
      throw new IOException(
          "expected the name of a folder in " + parent + ", found \"" + name + '"');
    }
    Files.createDirectories(parent, onlyOwner(parent));
    try {
      Files.createDirectory(folder, onlyOwner(folder));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(folder + ": expected a folder, found a file or a link", e);
      }
    }
    return folder;
  }

  private static FileAttribute<?>[] onlyOwner(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
