package dev.dunlin.agent.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.UUID;

/**
 * Removes a folder that a guest has written: however deep it is, also where no path leads to its
 * bottom any more (longer than the system takes). Links are removed, never followed.
 */
public final class FolderRemoval {
  private FolderRemoval() {}

  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      while (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && emptiedSome(folder)) {
        // What was one level down is now at the top.
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Files.delete(folder);
  }

  private static boolean emptiedSome(Path folder) throws IOException {
    boolean some = false;
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      if (!(stream instanceof SecureDirectoryStream<Path> top)) {
        throw new IOException(folder + ": expected a file system with openat(2), found another");
      }
      for (Path entry : top) {
        some = true;
        if (isFolder(top, entry.getFileName())) {
          raise(top, entry.getFileName());
        } else {
          top.deleteFile(entry.getFileName());
        }
      }
    }
    return some;
  }

  /** Removes a folder after moving the folders in it up to {@code top}. */
  private static void raise(SecureDirectoryStream<Path> top, Path name) throws IOException {
    try (SecureDirectoryStream<Path> inside =
        top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : inside) {
        if (isFolder(inside, entry.getFileName())) {
          inside.move(entry.getFileName(), top, Path.of(UUID.randomUUID().toString()));
        } else {
          inside.deleteFile(entry.getFileName());
        }
      }
    }
    top.deleteDirectory(name);
  }

  private static boolean isFolder(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }
}
