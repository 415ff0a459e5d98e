package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a guest's path means below a directory, and nothing outside it. Each directory on the
 * way is held before its entries are looked at, and symbolic links are followed here, never by the
 * kernel: so it does not matter what others put in the way meanwhile (see docs/wasi.md).
 *
 * @param readOnly nothing below may change
 * @param grant which this comes from
 */
record Confined(Pin directory, boolean readOnly, Grants.Directory grant) {
  private static final int MOST_LINKS = 40;
  private static final int MOST_PATH_CHARS = 4096;

  /** Each is held while what lies below is looked for. */
  private static final int MOST_LEVELS = 256;

  private static final String ITSELF = ".";

  /**
   * Something in a directory, or a place where something can be made.
   *
   * @param parent held until this is closed, at least
   * @param name no link if the last was to be followed; {@code .} is the parent
   * @param attributes null when there is nothing
   * @param asDirectory the guest's path ended in a slash
   */
  record Place(
      Pin parent,
      String name,
      @Nullable BasicFileAttributes attributes,
      boolean asDirectory,
      boolean isOurs)
      implements AutoCloseable {
    BasicFileAttributes require() {
      if (attributes == null) {
        throw Errno.NOENT.failure();
      }
      if (asDirectory && !attributes.isDirectory()) {
        throw Errno.NOTDIR.failure();
      }
      return attributes;
    }

    boolean isItself() {
      return name.equals(ITSELF);
    }

    /** As java.nio names it; the last part must not be followed if it is a link. */
    Path path() {
      return parent.entry(name);
    }

    @Override
    public void close() {
      if (isOurs) {
        parent.close();
      }
    }
  }

  Confined at(Pin below) {
    return new Confined(below, readOnly, grant);
  }

  void requireWritable() {
    if (readOnly) {
      throw Errno.PERM.failure(); // as wasmtime has it
    }
  }

  Place find(String guestPath, boolean followLast) throws IOException {
    if (guestPath.isEmpty()) {
      throw Errno.NOENT.failure();
    }
    if (guestPath.length() > MOST_PATH_CHARS) {
      throw Errno.NAMETOOLONG.failure();
    }
    try (var way = new Way(directory)) {
      return way.find(guestPath, followLast);
    }
  }

  /** The directories between this one and the place, and what of the path lies ahead. */
  private static final class Way implements AutoCloseable {
    private final Pin start;
    private final Deque<Pin> entered = new ArrayDeque<>();
    private final Deque<String> ahead = new ArrayDeque<>();
    private String name = ITSELF;
    private @Nullable BasicFileAttributes attributes;
    private boolean asDirectory;

    Way(Pin start) {
      this.start = start;
    }

    Place find(String path, boolean followLast) throws IOException {
      takeOn(path);
      attributes = read(start.entry(ITSELF));
      for (int links = 0; !ahead.isEmpty(); ) {
        enter();
        var component = ahead.pop();
        if (component.equals("..")) {
          leave();
          continue;
        }
        var next = here().entry(component);
        attributes = read(next);
        name = component;
        if (attributes != null
            && attributes.isSymbolicLink()
            && (!ahead.isEmpty() || followLast || asDirectory)) {
          if (++links > MOST_LINKS) {
            throw Errno.LOOP.failure();
          }
          takeOn(Files.readSymbolicLink(next).toString());
          become(ITSELF);
        }
      }
      var parent = entered.poll();
      return new Place(
          parent == null ? start : parent, name, attributes, asDirectory, parent != null);
    }

    private void takeOn(String path) {
      asDirectory |= ahead.isEmpty() && endsAsDirectory(path);
      components(path).reversed().forEach(ahead::push);
    }

    private Pin here() {
      var last = entered.peek();
      return last == null ? start : last;
    }

    private void become(String entry) throws IOException {
      name = entry;
      attributes = read(here().entry(entry));
    }

    /** Goes into the directory that was found last. */
    private void enter() {
      if (attributes == null) {
        throw Errno.NOENT.failure();
      }
      if (!attributes.isDirectory()) {
        throw Errno.NOTDIR.failure();
      }
      if (!name.equals(ITSELF)) {
        if (entered.size() >= MOST_LEVELS) {
          throw Errno.NAMETOOLONG.failure();
        }
        entered.push(here().directory(name));
        name = ITSELF;
      }
    }

    private void leave() throws IOException {
      if (entered.isEmpty()) {
        throw Errno.PERM.failure();
      }
      entered.pop().close();
      become(ITSELF);
    }

    @Override
    public void close() {
      entered.forEach(Pin::close);
    }
  }

  private static boolean endsAsDirectory(String path) {
    return path.endsWith("/")
        || path.equals(".")
        || path.endsWith("/.")
        || path.equals("..")
        || path.endsWith("/..");
  }

  private static List<String> components(String path) {
    if (path.startsWith("/")) {
      throw Errno.PERM.failure();
    }
    return Arrays.stream(path.split("/", -1))
        .filter(component -> !component.isEmpty() && !component.equals("."))
        .toList();
  }

  private static @Nullable BasicFileAttributes read(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
