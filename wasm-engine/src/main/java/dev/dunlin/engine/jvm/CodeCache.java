package dev.dunlin.engine.jvm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.compiler.internal.ClassLoadingCollector;

/**
 * Compiled classes on disk, by the digest of the module and the engine's version. A file that is
 * damaged is compiled anew; a cache that cannot be written only costs time.
 */
final class CodeCache {
  private static final Logger log = LoggerFactory.getLogger(CodeCache.class);
  private static final int FORMAT = 2;
  private static final int DIGEST_BYTES = 32;

  private final Path directory;
  private final String version;

  CodeCache(Path directory, String version) {
    this.directory = directory;
    this.version = version;
  }

  String key(byte[] wasm) {
    return HexFormat.of().formatHex(sha256(wasm));
  }

  Optional<ClassLoadingCollector> read(String key) {
    try {
      return Optional.of(decode(Files.readAllBytes(file(key))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException | LinkageError e) {
      log.warn("compiled code {} cannot be used and is made anew", file(key), e);
      return Optional.empty();
    }
  }

  void write(String key, ClassLoadingCollector classes) {
    try {
      Files.createDirectories(directory);
      var temporary = Files.createTempFile(directory, key, ".tmp");
      try {
        Files.write(temporary, encode(classes));
        Files.move(temporary, file(key), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      log.warn("compiled code is not kept in {}", directory, e);
    }
  }

  private Path file(String key) {
    return directory.resolve(key + "-" + version + "-" + FORMAT + ".classes");
  }

  private static byte[] encode(ClassLoadingCollector classes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeUTF(classes.mainClassName());
    out.writeInt(classes.classBytes().size());
    for (var entry : classes.classBytes().entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeInt(entry.getValue().length);
      out.write(entry.getValue());
    }
    out.write(sha256(bytes.toByteArray()));
    return bytes.toByteArray();
  }

  private static ClassLoadingCollector decode(byte[] file) throws IOException {
    int end = file.length - DIGEST_BYTES;
    if (end < 0
        || !Arrays.equals(
            sha256(Arrays.copyOf(file, end)), Arrays.copyOfRange(file, end, file.length))) {
      throw new IOException("digest does not match");
    }
    var classes = new ClassLoadingCollector();
    var in = new DataInputStream(new ByteArrayInputStream(file, 0, end));
    var main = in.readUTF();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      var name = in.readUTF();
      var bytes = in.readNBytes(in.readInt());
      if (name.equals(main)) {
        classes.putMainClass(name, bytes);
      } else {
        classes.put(name, bytes);
      }
    }
    return classes;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
