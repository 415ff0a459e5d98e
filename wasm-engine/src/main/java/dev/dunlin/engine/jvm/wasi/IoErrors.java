package dev.dunlin.engine.jvm.wasi;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;

/** What a guest is told of a Java I/O fault: a code, never a message. */
final class IoErrors {
  // java.nio has no type for these; the reason is the C library's text (strerror).
  private static final Map<String, Errno> REASONS =
      Map.ofEntries(
          Map.entry("Not a directory", Errno.NOTDIR),
          Map.entry("Is a directory", Errno.ISDIR),
          Map.entry("Directory not empty", Errno.NOTEMPTY),
          Map.entry("No space left on device", Errno.NOSPC),
          Map.entry("Disk quota exceeded", Errno.NOSPC),
          Map.entry("Read-only file system", Errno.ROFS),
          Map.entry("File name too long", Errno.NAMETOOLONG),
          Map.entry("Too many levels of symbolic links", Errno.LOOP),
          Map.entry("Too many open files", Errno.MFILE),
          Map.entry("Invalid argument", Errno.INVAL),
          Map.entry("Device or resource busy", Errno.BUSY));

  private IoErrors() {}

  static Errno errno(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> Errno.NOENT;
      case FileAlreadyExistsException exists -> Errno.EXIST;
      case DirectoryNotEmptyException notEmpty -> Errno.NOTEMPTY;
      case NotDirectoryException notDirectory -> Errno.NOTDIR;
      case AccessDeniedException denied -> Errno.ACCES;
      case FileSystemLoopException loop -> Errno.LOOP;
      case NotLinkException notLink -> Errno.INVAL;
      case AtomicMoveNotSupportedException crossDevice -> Errno.XDEV;
      case FileSystemException other -> byReason(other.getReason());
      default -> byReason(e.getMessage());
    };
  }

  private static Errno byReason(@org.jspecify.annotations.Nullable String reason) {
    return reason == null ? Errno.IO : REASONS.getOrDefault(reason, Errno.IO);
  }
}
