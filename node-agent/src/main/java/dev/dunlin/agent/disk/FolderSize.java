package dev.dunlin.agent.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What a folder takes of the disk: the sizes of its files in whole blocks, and a block for each
 * folder and link. Links are counted, never followed; a file that goes or changes meanwhile is
 * nobody's fault. What is nested too deep to be held open on the way counts as more than any limit.
 */
public final class FolderSize {
  private static final long BLOCK = 4096;
  private static final int DEEPEST = 200;
  private static final long ENDLESS = Long.MAX_VALUE / 2;

  private final long enough;
  private long bytes;

  private FolderSize(long enough) {
    this.enough = enough;
  }

  /**
   * The bytes in a folder; counting ends once they are more than {@code enough}. 0 when there is no
   * such folder.
   */
  public static long of(Path folder, long enough) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    var size = new FolderSize(enough);
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      if (!(stream instanceof SecureDirectoryStream<Path> top)) {
        throw new IOException(folder + ": expected a file system with openat(2), found another");
      }
      size.add(top, 1);
    }
    return size.bytes;
  }

  private void add(SecureDirectoryStream<Path> folder, int depth) throws IOException {
    try {
      for (Path entry : folder) {
        if (bytes > enough) {
          return;
        }
        add(folder, entry.getFileName(), depth);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void add(SecureDirectoryStream<Path> folder, Path name, int depth) throws IOException {
    try {
      BasicFileAttributes entry =
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
      bytes += entry.isRegularFile() ? Math.ceilDiv(entry.size(), BLOCK) * BLOCK : BLOCK;
      if (entry.isDirectory() && depth == DEEPEST) {
        bytes = ENDLESS;
      } else if (entry.isDirectory()) {
        try (SecureDirectoryStream<Path> inside =
            folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          add(inside, depth + 1);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Gone, or something else, since its folder was read.
    }
  }
}
