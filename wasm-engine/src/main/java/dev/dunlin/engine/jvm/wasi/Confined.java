package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a guest's path means below a directory, and nothing outside it. Symbolic links are
 * followed here, one component at a time, never by the kernel; a guest cannot make any, so that
 * none can appear between this look and the use of its result (see docs/wasi.md).
 *
 * @param directory real path
 * @param readOnly nothing below may change
 * @param grant which this comes from
 */
record Confined(Path directory, boolean readOnly, Grants.Directory grant) {
  private static final int MOST_LINKS = 40;
  private static final int MOST_PATH_CHARS = 4096;

  /**
   * Something in the directory, or a place where something can be made.
   *
   * @param path below the directory; no component of it is a symbolic link, but maybe the last
   * @param attributes null when there is nothing
   * @param asDirectory the guest's path ended in a slash
   */
  record Place(Path path, @Nullable BasicFileAttributes attributes, boolean asDirectory) {
    BasicFileAttributes require() {
      if (attributes == null) {
        throw Errno.NOENT.failure();
      }
      if (asDirectory && !attributes.isDirectory()) {
        throw Errno.NOTDIR.failure();
      }
      return attributes;
    }
  }

  Confined at(Path below) {
    return new Confined(below, readOnly, grant);
  }

  void requireWritable() {
    if (readOnly) {
      throw Errno.ROFS.failure();
    }
  }

  Place find(String guestPath, boolean followLast) throws IOException {
    if (guestPath.isEmpty()) {
      throw Errno.NOENT.failure();
    }
    if (guestPath.length() > MOST_PATH_CHARS) {
      throw Errno.NAMETOOLONG.failure();
    }
    boolean asDirectory = endsAsDirectory(guestPath);
    var ahead = new ArrayDeque<>(components(guestPath));
    var reached = new ArrayList<Path>(List.of(directory));
    var attributes = read(directory);
    for (int links = 0; !ahead.isEmpty(); ) {
      requireDirectory(attributes);
      var component = ahead.pop();
      if (component.equals("..")) {
        attributes = stepUp(reached);
        continue;
      }
      var next = resolve(reached.getLast(), component);
      attributes = read(next);
      if (attributes != null
          && attributes.isSymbolicLink()
          && (!ahead.isEmpty() || followLast || asDirectory)) {
        if (++links > MOST_LINKS) {
          throw Errno.LOOP.failure();
        }
        pushAll(ahead, components(Files.readSymbolicLink(next).toString()));
        attributes = read(reached.getLast());
      } else {
        reached.add(next);
      }
    }
    return new Place(reached.getLast(), attributes, asDirectory);
  }

  private static boolean endsAsDirectory(String path) {
    return path.endsWith("/") || path.endsWith("/.") || path.equals(".") || path.endsWith("..");
  }

  private static List<String> components(String path) {
    if (path.startsWith("/")) {
      throw Errno.PERM.failure();
    }
    return Arrays.stream(path.split("/", -1))
        .filter(component -> !component.isEmpty() && !component.equals("."))
        .toList();
  }

  private static void pushAll(Deque<String> ahead, List<String> components) {
    components.reversed().forEach(ahead::push);
  }

  private static void requireDirectory(@Nullable BasicFileAttributes attributes)
      throws IOException {
    if (attributes == null) {
      throw new NoSuchFileException("");
    }
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException("");
    }
  }

  private static @Nullable BasicFileAttributes stepUp(List<Path> reached) throws IOException {
    if (reached.size() == 1) {
      throw Errno.PERM.failure();
    }
    reached.removeLast();
    return read(reached.getLast());
  }

  private static Path resolve(Path parent, String component) {
    try {
      return parent.resolve(component);
    } catch (InvalidPathException e) {
      throw Errno.ILSEQ.failure();
    }
  }

  private static @Nullable BasicFileAttributes read(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
