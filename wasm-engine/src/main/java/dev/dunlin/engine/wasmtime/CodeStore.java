package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled code on the disk, by the digest of the module and the engine that made it. Readable and
 * writable by this user alone, since it is run as it is. Bounded: what was not used for the longest
 * time goes first.
 */
final class CodeStore {
  private static final Logger log = LoggerFactory.getLogger(CodeStore.class);
  private static final Pattern KIND = Pattern.compile("[0-9a-f]{64}\\.kind");

  private final Path folder;
  private final List<String> codeIds;
  private final long mostBytes;

  private record Stored(Path path, long bytes, FileTime used) {}

  /**
   * @param codeIds of optimized and of baseline code, see dunlin_engine_code_id
   */
  private CodeStore(Path folder, List<String> codeIds, long mostBytes) {
    this.folder = folder;
    this.codeIds = codeIds;
    this.mostBytes = mostBytes;
  }

  /** Opens the store, and removes what an earlier process left half done or another engine made. */
  static CodeStore open(Path folder, List<String> codeIds, long mostBytes) throws IOException {
    makePrivate(folder);
    var store = new CodeStore(folder, List.copyOf(codeIds), mostBytes);
    store.sweep();
    return store;
  }

  static void makePrivate(Path folder) throws IOException {
    var permissions = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(permissions));
    Files.setPosixFilePermissions(folder, permissions);
  }

  private void sweep() throws IOException {
    for (var file : stored()) {
      var name = file.path().getFileName().toString();
      boolean ours = codeIds.stream().anyMatch(id -> name.endsWith("-" + id + ".code"));
      if (!ours && !KIND.matcher(name).matches()) {
        Files.deleteIfExists(file.path());
      }
    }
  }

  /** Where the code of a module is, or is to be. */
  Path code(String digest, int how) {
    return folder.resolve(digest + "-" + codeIds.get(how) + ".code");
  }

  /** Where a module is while it is compiled. */
  Path wasm(String digest) {
    return folder.resolve(digest + ".wasm");
  }

  /** What kind a module was found to be, by an engine that took it. */
  OptionalInt kind(String digest) {
    try {
      int kind = Files.readString(kindFile(digest), StandardCharsets.ISO_8859_1).charAt(0) - '0';
      boolean known = kind >= Dunlin.COMMAND && kind <= Dunlin.HTTP_COMPONENT;
      return known ? OptionalInt.of(kind) : OptionalInt.empty();
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException | IndexOutOfBoundsException e) {
      log.warn("{} is made anew: {}", kindFile(digest), e.toString());
      return OptionalInt.empty();
    }
  }

  void keepKind(String digest, int kind) {
    write(kindFile(digest), String.valueOf(kind).getBytes(StandardCharsets.ISO_8859_1));
  }

  void keepWasm(String digest, byte[] wasm) {
    write(wasm(digest), wasm);
  }

  void deleteWasm(String digest) {
    delete(wasm(digest));
  }

  private Path kindFile(String digest) {
    return folder.resolve(digest + ".kind");
  }

  private void write(Path target, byte[] bytes) {
    try {
      var part = Files.createTempFile(folder, "", ".part"); // the JDK makes it private
      try {
        Files.write(part, bytes);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target, e);
    }
  }

  /** Code was loaded: it is the last to go. */
  void touch(Path code) {
    try {
      Files.setLastModifiedTime(code, FileTime.from(Instant.now()));
    } catch (IOException e) {
      log.debug("{} is as old as before", code, e);
    }
  }

  void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{} stays: {}", file, e.toString());
    }
  }

  /**
   * Removes code until the rest is within the bound.
   *
   * @param inUse of a digest: its code stays
   */
  void evict(Predicate<String> inUse) {
    try {
      var files = new ArrayList<>(stored());
      files.sort(Comparator.comparing(Stored::used));
      long bytes = files.stream().mapToLong(Stored::bytes).sum();
      for (var file : files) {
        if (bytes <= mostBytes) {
          return;
        }
        var name = file.path().getFileName().toString();
        if (name.endsWith(".code") && !inUse.test(name.substring(0, name.indexOf('-')))) {
          Files.deleteIfExists(file.path());
          bytes -= file.bytes();
        }
      }
    } catch (IOException e) {
      log.warn("the compiled code in {} may grow beyond its bound: {}", folder, e.toString());
    }
  }

  private List<Stored> stored() throws IOException {
    var files = new ArrayList<Stored>();
    try (var paths = Files.newDirectoryStream(folder)) {
      for (var path : paths) {
        try {
          var attributes = Files.readAttributes(path, BasicFileAttributes.class);
          if (attributes.isRegularFile()) {
            files.add(new Stored(path, attributes.size(), attributes.lastModifiedTime()));
          }
        } catch (NoSuchFileException e) {
          log.trace("{} has gone since it was listed", path);
        }
      }
    }
    return files;
  }
}
