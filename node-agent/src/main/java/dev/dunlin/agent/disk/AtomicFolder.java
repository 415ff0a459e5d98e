package dev.dunlin.agent.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder whose files change all at once, by kubelet's AtomicWriter: the files are in a folder
 * that the link {@code ..data} leads to, and what readers name are links through {@code ..data}. A
 * change writes a new folder and puts another {@code ..data} in the old one's place, so that
 * whoever looks sees all of the old or all of the new. The folder itself is never replaced: a guest
 * that was given it goes on seeing it.
 *
 * <p>One thread writes at a time.
 */
public final class AtomicFolder {
  private static final String RESERVED = "..";
  private static final Path DATA = Path.of("..data");
  private static final Path NEXT_DATA = Path.of("..data_tmp");

  private final Path root;

  public AtomicFolder(Path root) {
    this.root = root;
  }

  /**
   * Makes these files all that is in the folder; true when something had to change.
   *
   * @param files by relative path
   * @throws IOException also when a path leads out of the folder, or to what is kept for {@code
   *     ..data}
   */
  public boolean write(Map<String, byte[]> files) throws IOException {
    var wanted = new TreeMap<String, byte[]>();
    for (var file : files.entrySet()) {
      wanted.put(checked(file.getKey()), file.getValue());
    }
    boolean changed = !isCurrent(wanted);
    if (changed) {
      swap(wanted);
    }
    Set<String> top = wanted.keySet().stream().map(AtomicFolder::first).collect(Collectors.toSet());
    for (String name : top) {
      link(name);
    }
    removeAllBut(top);
    return changed;
  }

  private void swap(Map<String, byte[]> files) throws IOException {
    Path fresh = Files.createTempDirectory(root, "..data_");
    for (var file : files.entrySet()) {
      Path path = fresh.resolve(file.getKey());
      Files.createDirectories(path.getParent() == null ? fresh : path.getParent());
      Files.write(path, file.getValue());
    }
    Path next = root.resolve(NEXT_DATA);
    FolderRemoval.delete(next);
    Files.createSymbolicLink(next, Path.of(String.valueOf(fresh.getFileName())));
    Path data = root.resolve(DATA);
    if (Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)) {
      FolderRemoval.delete(data); // no link of ours: nothing can be put in a folder's place
    }
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void link(String name) throws IOException {
    Path link = root.resolve(name);
    Path target = DATA.resolve(name);
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
      return;
    }
    FolderRemoval.delete(link);
    Files.createSymbolicLink(link, target);
  }

  private void removeAllBut(Set<String> top) throws IOException {
    Path data = root.resolve(DATA);
    String behind =
        Files.isSymbolicLink(data) ? Files.readSymbolicLink(data).toString() : DATA.toString();
    var keep = new TreeSet<>(top);
    keep.add(DATA.toString());
    keep.add(behind);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (!keep.contains(String.valueOf(entry.getFileName()))) {
          FolderRemoval.delete(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private boolean isCurrent(Map<String, byte[]> wanted) throws IOException {
    Path data = root.resolve(DATA);
    if (!Files.isSymbolicLink(data) || !Files.isDirectory(data)) {
      return false;
    }
    Path folder = data.toRealPath();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> found = all.filter(path -> !Files.isDirectory(path)).toList();
      for (Path path : found) {
        byte[] content = wanted.get(folder.relativize(path).toString());
        if (content == null || !Arrays.equals(content, Files.readAllBytes(path))) {
          return false;
        }
      }
      return found.size() == wanted.size();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The API server refuses most such paths as well; files of the node must not hang on that. */
  private String checked(String relative) throws IOException {
    Path path = root.resolve(relative).normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      throw new IOException("\"" + relative + "\" leads out of " + root);
    }
    String inside = root.relativize(path).toString();
    if (inside.startsWith(RESERVED)) {
      throw new IOException("\"" + relative + "\" begins with \"..\", which is kept for ..data");
    }
    return inside;
  }

  private static String first(String path) {
    return path.substring(0, path.indexOf('/') < 0 ? path.length() : path.indexOf('/'));
  }
}
