package dev.dunlin.engine.jvm.wasi;

import dev.dunlin.engine.jvm.memory.FlatMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code filestat} of WASI preview 1. Times are nanoseconds since 1970. */
record FileStat(
    long device,
    long inode,
    FileType type,
    long links,
    long size,
    long accessed,
    long modified,
    long changed) {
  static final int BYTES = 64;

  /** Of the thing at {@code path} itself: links are not followed. */
  static FileStat of(Path path) throws IOException {
    return of(path, LinkOption.NOFOLLOW_LINKS);
  }

  static FileStat of(Path path, LinkOption... links) throws IOException {
    var basic = Files.readAttributes(path, BasicFileAttributes.class, links);
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return of(basic, 0, 0, 1, basic.lastModifiedTime());
    }
    var unix = Files.readAttributes(path, "unix:dev,ino,nlink,ctime", links);
    return of(
        basic,
        number(unix, "dev"),
        number(unix, "ino"),
        number(unix, "nlink"),
        unix.get("ctime") instanceof FileTime changed ? changed : basic.lastModifiedTime());
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static FileStat of(
      BasicFileAttributes basic, long device, long inode, long links, FileTime changed) {
    return new FileStat(
        device,
        inode,
        type(basic),
        links,
        basic.size(),
        nanos(basic.lastAccessTime()),
        nanos(basic.lastModifiedTime()),
        nanos(changed));
  }

  /** A standard stream. */
  static FileStat ofStream() {
    return new FileStat(0, 0, FileType.UNKNOWN, 1, 0, 0, 0, 0);
  }

  static FileType type(BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink()) {
      return FileType.SYMBOLIC_LINK;
    }
    if (attributes.isDirectory()) {
      return FileType.DIRECTORY;
    }
    return attributes.isRegularFile() ? FileType.REGULAR_FILE : FileType.UNKNOWN;
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  void store(FlatMemory memory, int at) {
    memory.fill((byte) 0, at, at + BYTES);
    memory.writeLong(at, device);
    memory.writeLong(at + 8, inode);
    memory.writeByte(at + 16, type.code());
    memory.writeLong(at + 24, links);
    memory.writeLong(at + 32, size);
    memory.writeLong(at + 40, accessed);
    memory.writeLong(at + 48, modified);
    memory.writeLong(at + 56, changed);
  }
}
