package dev.dunlin.oci;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a blob so far, on disk (or nowhere) and hashed. Faults of the disk are {@link
 * UncheckedIOException}s, so that nobody takes them for the network's.
 */
final class PartFile implements AutoCloseable {
  private final @Nullable Path path;
  private final Digest expected;
  private MessageDigest hash;
  private long length;
  private OutputStream out;

  private PartFile(
      @Nullable Path path, Digest expected, MessageDigest hash, long length, OutputStream out) {
    this.path = path;
    this.expected = expected;
    this.hash = hash;
    this.length = length;
    this.out = out;
  }

  /** Goes on with what an earlier attempt left, or begins. */
  static PartFile open(Path path, Digest expected, long expectedBytes) {
    MessageDigest hash = expected.newHash();
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      long length = Files.isRegularFile(path) ? hashOf(path, hash, expectedBytes) : 0;
      if (length > expectedBytes) {
        Files.delete(path);
        hash = expected.newHash();
        length = 0;
      }
      return new PartFile(path, expected, hash, length, append(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hashes what comes, and forgets it. */
  static PartFile nowhere(Digest expected) {
    return new PartFile(null, expected, expected.newHash(), 0, OutputStream.nullOutputStream());
  }

  long length() {
    return length;
  }

  void append(byte[] buffer, int count) {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hash.update(buffer, 0, count);
    length += count;
  }

  /** Begins anew. */
  void reset() {
    if (path != null) {
      truncate(path);
    }
    hash = expected.newHash();
    length = 0;
  }

  private void truncate(Path file) {
    try {
      out.close();
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
      out = append(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The digest of everything so far; may be asked once. */
  Digest digest() {
    return Digest.ofHash(expected.algorithm(), hash.digest());
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream append(Path path) throws IOException {
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static long hashOf(Path path, MessageDigest hash, long atMost) throws IOException {
    long length = 0;
    byte[] buffer = new byte[64 * 1024];
    try (var in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0 && length <= atMost; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
        length += n;
      }
    }
    return length;
  }
}
