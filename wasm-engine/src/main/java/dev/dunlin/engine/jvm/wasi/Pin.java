package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory or file that is held, so that nobody can put another in its place: java.nio's names
 * of it and of what is directly in it lead through the open descriptor. Where the platform has no
 * such thing ({@link OpenAt}) it is only a name, and guests may make no links. Used by the guest's
 * thread only.
 */
final class Pin implements AutoCloseable {
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};
  private static final int NONE = -1;

  private final @Nullable OpenAt system;
  private final int fd;
  private final Path path;
  private boolean closed;

  private Pin(@Nullable OpenAt system, int fd, Path path) {
    this.system = system;
    this.fd = fd;
    this.path = path;
  }

  private static Pin held(OpenAt system, int fd) {
    return new Pin(system, fd, OpenAt.name(fd));
  }

  /** A directory of the host. */
  static Pin of(Path directory) throws IOException {
    var system = OpenAt.OF_PLATFORM.orElse(null);
    return system == null
        ? new Pin(null, NONE, directory.toRealPath())
        : held(system, system.directory(directory));
  }

  /** Whether it is held, and no mere name. */
  boolean holds() {
    return system != null;
  }

  /** The directory of that name in this one. */
  Pin directory(String name) {
    var named = entry(name);
    return system == null ? new Pin(null, NONE, named) : held(system, system.directory(fd, name));
  }

  /** The file of that name in this directory. */
  Pin file(String name) {
    var named = entry(name);
    return system == null ? new Pin(null, NONE, named) : held(system, system.any(fd, name));
  }

  /** A new file of that name in this directory. */
  Pin create(String name) throws IOException {
    var named = entry(name);
    if (system == null) {
      return new Pin(null, NONE, Files.createFile(named));
    }
    return held(system, system.create(fd, name));
  }

  /** What is directly in this directory, as java.nio names it; {@code .} is itself. */
  Path entry(String name) {
    try {
      return path.resolve(name);
    } catch (InvalidPathException e) {
      throw Errno.ILSEQ.failure();
    }
  }

  /** This directory, as java.nio names it. */
  Path path() {
    return path;
  }

  // The name of something held is a link itself: to what is held.
  private LinkOption[] links() {
    return system == null ? NO_FOLLOW : FOLLOW;
  }

  FileStat stat() throws IOException {
    return FileStat.of(path, links());
  }

  BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, links());
  }

  BasicFileAttributeView times() {
    return Files.getFileAttributeView(path, BasicFileAttributeView.class, links());
  }

  /** Opens what is held. */
  FileChannel open(Set<? extends OpenOption> how) throws IOException {
    var options = new HashSet<OpenOption>(how);
    options.addAll(Set.of(links()));
    return FileChannel.open(path, options);
  }

  @Override
  public void close() {
    if (system != null && !closed) {
      closed = true; // its number may soon be another's
      system.close(fd);
    }
  }
}
