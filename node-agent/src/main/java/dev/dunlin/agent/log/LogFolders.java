package dev.dunlin.agent.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where logs are: {@code NAMESPACE/INSTANCE_UID/RUN.NUMBER.log}. No name of Kubernetes has a {@code
 * _} in it. Only the agent's user can look into it.
 */
public final class LogFolders {
  private static final Logger log = LoggerFactory.getLogger(LogFolders.class);
  private static final int LONGEST_LINE = 1 << 20;

  private final Path root;

  public LogFolders(Path root) throws IOException {
    this.root = root;
    if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(root);
    }
  }

  Path of(String namespace, String instance, String uid) {
    Path folder = root.resolve(namespace).resolve(instance + "_" + uid).normalize();
    if (folder.getNameCount() != root.getNameCount() + 2 || !folder.startsWith(root)) {
      throw new IllegalArgumentException(
          "expected names of Kubernetes, found %s, %s, %s".formatted(namespace, instance, uid));
    }
    return folder;
  }

  void create(InstanceLog of) throws IOException {
    if (!Files.isDirectory(of.folder())) {
      Files.createDirectories(of.folder());
    }
  }

  void delete(Segment segment) throws IOException {
    Files.deleteIfExists(segment.path());
  }

  /** Removes a log with all that is in its folder, and its namespace's with the last log. */
  void delete(InstanceLog of) throws IOException {
    if (!Files.isDirectory(of.folder(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(of.folder())) {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Files.delete(of.folder());
    Path namespace = root.resolve(of.namespace());
    if (isEmpty(namespace)) {
      Files.delete(namespace);
    }
  }

  /** The logs that an agent before this one has left. */
  List<InstanceLog> find() throws IOException {
    var found = new ArrayList<InstanceLog>();
    for (Path namespace : entries(root)) {
      for (Path folder : entries(namespace)) {
        String name = String.valueOf(folder.getFileName());
        int sign = name.lastIndexOf('_');
        if (sign > 0) {
          found.add(
              new InstanceLog(
                  String.valueOf(namespace.getFileName()),
                  name.substring(0, sign),
                  name.substring(sign + 1),
                  folder,
                  segments(folder)));
        }
      }
    }
    return found;
  }

  private static List<Segment> segments(Path folder) throws IOException {
    var segments = new ArrayList<Segment>();
    for (Path file : entries(folder)) {
      Optional<Segment> segment =
          Segment.found(file, wholeLines(file), Files.getLastModifiedTime(file).toInstant());
      segment.ifPresent(segments::add);
    }
    segments.sort(Segment.IN_ORDER);
    return segments;
  }

  /** How much of a file are whole lines: an agent may have ended in the middle of one. */
  private static long wholeLines(Path file) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      long length = bytes.length();
      long end = length;
      while (end > 0 && length - end < LONGEST_LINE) {
        bytes.seek(end - 1);
        if (bytes.read() == '\n') {
          return end;
        }
        end--;
      }
      return 0;
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return !files.iterator().hasNext();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      log.warn("{} is no folder of logs", folder);
      return List.of();
    }
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }
}
