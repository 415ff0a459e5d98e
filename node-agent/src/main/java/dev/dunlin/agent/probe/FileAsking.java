package dev.dunlin.agent.probe;

import dev.dunlin.api.v1alpha1.FileProbe;
import dev.dunlin.api.v1alpha1.Probe;
import dev.dunlin.engine.Grants;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asks a worker by a file that it makes in a mounted volume. The guest has the volume in its hands:
 * every part of the path is opened below the one before, and a link is never followed.
 *
 * @param directories what the guest is given
 */
public record FileAsking(List<Grants.Directory> directories) implements Asking {
  public FileAsking {
    directories = List.copyOf(directories);
  }

  @Override
  public ProbeResult ask(Probe probe) {
    FileProbe file = probe.file();
    if (file == null) {
      return new ProbeResult.Unknown("a worker has file probes only");
    }
    Optional<Grants.Directory> volume = volumeOf(file.path());
    if (volume.isEmpty()) {
      return new ProbeResult.Bad(
          file.path() + ": expected a path below one of volumeMounts that the app may write to");
    }
    Path parts =
        Path.of(file.path().substring(volume.get().guest().length()).replaceFirst("^/", ""));
    if (parts.normalize().startsWith("..") || !parts.equals(parts.normalize())) {
      return new ProbeResult.Bad(file.path() + ": expected a path without . or ..");
    }
    try (DirectoryStream<Path> root = Files.newDirectoryStream(volume.get().host())) {
      if (!(root instanceof SecureDirectoryStream<Path> top)) {
        return new ProbeResult.Unknown("the node's file system has no openat(2)");
      }
      return look(top, parts, file.path());
    } catch (IOException e) {
      return new ProbeResult.Unknown("the node's disk: " + e);
    }
  }

  /**
   * The volume that a path of the guest leads into: the innermost, if the guest may write to it.
   */
  private Optional<Grants.Directory> volumeOf(String path) {
    return directories.stream()
        .filter(volume -> path.startsWith(withSlash(volume.guest())))
        .max(Comparator.comparingInt(volume -> volume.guest().length()))
        .filter(volume -> !volume.readOnly());
  }

  private static String withSlash(String folder) {
    return folder.endsWith("/") ? folder : folder + "/";
  }

  private static ProbeResult look(SecureDirectoryStream<Path> folder, Path rest, String told)
      throws IOException {
    Path name = rest.getName(0);
    try {
      if (rest.getNameCount() > 1) {
        try (SecureDirectoryStream<Path> inner =
            folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          return look(inner, rest.subpath(1, rest.getNameCount()), told);
        }
      }
      boolean link =
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes()
              .isSymbolicLink();
      return link
          ? new ProbeResult.Bad(told + " is a link, and links are not followed")
          : ProbeResult.GOOD;
    } catch (NoSuchFileException e) {
      return new ProbeResult.Bad(told + " is not there");
    } catch (FileSystemException e) { // ENOTDIR, or ELOOP for a link
      return new ProbeResult.Bad(told + " leads through a link, or what is no folder");
    }
  }
}
