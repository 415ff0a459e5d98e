package dev.dunlin.agent.module;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cache on disk, one folder a manifest: {@code module.wasm}, {@code entry.json} that says what
 * it must be (and whose time is that of its last use), and {@code rights/}, a file a right. A
 * folder without {@code entry.json} is what a broken fetch left, to go on with from the repository
 * that {@code *.from} names.
 */
final class CacheFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KEY_BYTES = 32;
  private static final int RIGHTS = 100;

  private final Path root;

  CacheFolder(Path root) {
    this.root = root;
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path root() {
    return root;
  }

  Path module(Digest manifest) {
    return folder(manifest).resolve("module.wasm");
  }

  /** All manifests that have a folder, least recently used first. */
  List<Digest> manifests() {
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(Files::isDirectory)
          .flatMap(folder -> digestOf(folder).stream())
          .sorted(Comparator.comparing(this::usedAt).thenComparing(Digest::toString))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the folder's entry says; empty for a broken fetch, or an entry nobody can read. */
  Optional<CachedModule> read(Digest manifest) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(entry(manifest)));
      var module =
          new CachedModule(
              manifest,
              Digest.parse(json.path("content").asText("")),
              json.path("sizeBytes").asLong(-1));
      boolean whole =
          Files.exists(module(manifest)) && Files.size(module(manifest)) == module.sizeBytes();
      return whole ? Optional.of(module) : Optional.empty();
    } catch (NoSuchFileException | JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Keeps what a broken fetch left for the {@code holder} that it came from, and for no other:
   * whoever goes on with it would pass for one who gave all of it.
   */
  void begin(Digest manifest, String holder) {
    Path mark = folder(manifest).resolve(holder + ".from");
    if (Files.exists(mark)) {
      return;
    }
    delete(manifest);
    try {
      Files.createDirectories(folder(manifest));
      Files.createFile(mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a fetched module an entry. */
  void write(CachedModule module) {
    var json = JSON.createObjectNode();
    json.put("content", module.content().toString());
    json.put("sizeBytes", module.sizeBytes());
    try {
      Path part = folder(module.manifest()).resolve("entry.json.tmp");
      Files.write(part, JSON.writeValueAsBytes(json));
      Files.move(part, entry(module.manifest()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void touch(Digest manifest, Instant at) {
    try {
      Files.setLastModifiedTime(entry(manifest), FileTime.from(at));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Set<String> rights(Digest manifest) {
    try (Stream<Path> files = Files.list(rightsFolder(manifest))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void grant(Digest manifest, Set<String> rights) {
    try {
      var all = new HashSet<>(rights(manifest));
      all.addAll(rights);
      // Passwords that change daily must not grow this forever; what is forgotten is asked anew.
      if (all.size() > RIGHTS) {
        deleteTree(rightsFolder(manifest));
      }
      Files.createDirectories(rightsFolder(manifest));
      for (String right : rights) {
        Path file = rightsFolder(manifest).resolve(right);
        if (!Files.exists(file)) {
          Files.createFile(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(Digest manifest) {
    deleteTree(folder(manifest));
  }

  /** Bytes of everything in a manifest's folder. */
  long bytes(Digest manifest) {
    if (!Files.exists(folder(manifest))) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder(manifest))) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The key of {@link PullRights}, made at the first start and readable by the agent alone. */
  byte[] key() {
    Path file = root.resolve("rights.key");
    try {
      if (Files.exists(file) && Files.size(file) == KEY_BYTES) {
        return Files.readAllBytes(file);
      }
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, key);
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileTime usedAt(Digest manifest) {
    try {
      Path entry = entry(manifest);
      return Files.exists(entry) ? Files.getLastModifiedTime(entry) : FileTime.fromMillis(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path folder(Digest manifest) {
    return root.resolve(manifest.algorithm() + "-" + manifest.hex());
  }

  private Path entry(Digest manifest) {
    return folder(manifest).resolve("entry.json");
  }

  private Path rightsFolder(Digest manifest) {
    return folder(manifest).resolve("rights");
  }

  private static Optional<Digest> digestOf(Path folder) {
    try {
      return Optional.of(Digest.parse(folder.getFileName().toString().replaceFirst("-", ":")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      // The entry goes first: what is half deleted must not look like a module.
      Files.deleteIfExists(folder.resolve("entry.json"));
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
