package dev.dunlin.oci;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads tar archives as image layers have them: ustar, pax and GNU long names (POSIX.1-2024 pax,
 * "ustar Interchange Format"). Streams; extracts nothing.
 */
final class TarReader {
  private static final int BLOCK = 512;
  // Long names and pax headers are read whole; nobody's path is longer.
  private static final int EXTENSION_BYTES = 1 << 20;

  /** What an entry is, as far as finding one file needs it. */
  enum Type {
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  /**
   * @param path as written in the archive
   * @param link the target of a link, else empty
   */
  record Entry(String path, Type type, long sizeBytes, String link) {}

  private final InputStream in;
  private long contentLeft;
  private long paddingLeft;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next entry, or null at the end.
   *
   * @throws IllegalArgumentException where the archive is damaged
   */
  @Nullable Entry next() throws IOException {
    String longPath = null;
    String longLink = null;
    Pax pax = Pax.NONE;
    while (true) {
      skipRest();
      contentLeft = 0;
      paddingLeft = 0;
      byte[] header = in.readNBytes(BLOCK);
      if (header.length == 0 || isZero(header)) {
        return null;
      }
      if (header.length < BLOCK) {
        throw new EOFException("tar: cut off within a header");
      }
      requireChecksum(header);
      char flag = (char) header[156];
      long size =
          pax.size() >= 0 && flag != 'x' && flag != 'L' ? pax.size() : number(header, 124, 12);
      contentLeft = size;
      paddingLeft = (BLOCK - size % BLOCK) % BLOCK;
      switch (flag) {
        case 'L' -> longPath = text(extension());
        case 'K' -> longLink = text(extension());
        case 'x' -> pax = Pax.parse(extension());
        case 'g' -> extension();
        default -> {
          String path =
              pax.path() != null ? pax.path() : longPath != null ? longPath : name(header);
          String link =
              pax.link() != null
                  ? pax.link()
                  : longLink != null ? longLink : text(header, 157, 100);
          return new Entry(path, typeOf(flag, path), size, link);
        }
      }
    }
  }

  private void skipRest() throws IOException {
    try {
      in.skipNBytes(contentLeft + paddingLeft);
    } catch (EOFException e) {
      throw new EOFException("tar: cut off within a file");
    }
  }

  /** Reads on in the content of the last entry; -1 at its end. */
  int read(byte[] buffer) throws IOException {
    if (contentLeft == 0) {
      return -1;
    }
    int n = in.read(buffer, 0, (int) Math.min(buffer.length, contentLeft));
    if (n < 0) {
      throw new EOFException("tar: cut off within a file");
    }
    contentLeft -= n;
    return n;
  }

  private byte[] extension() throws IOException {
    if (contentLeft > EXTENSION_BYTES) {
      throw new IllegalArgumentException(
          "tar: expected a header extension of at most %d bytes, found %d"
              .formatted(EXTENSION_BYTES, contentLeft));
    }
    byte[] bytes = in.readNBytes((int) contentLeft);
    if (bytes.length < contentLeft) {
      throw new EOFException("tar: cut off within a header extension");
    }
    contentLeft = 0;
    return bytes;
  }

  private static Type typeOf(char flag, String path) {
    return switch (flag) {
      case '0', '7', '\0' -> path.endsWith("/") ? Type.DIRECTORY : Type.FILE;
      case '5' -> Type.DIRECTORY;
      case '1', '2' -> Type.LINK;
      default -> Type.OTHER;
    };
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    // Only POSIX ustar has a prefix there; GNU's magic ends in a space.
    boolean ustar = text(header, 257, 6).equals("ustar") && header[262] == 0;
    String prefix = ustar ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static void requireChecksum(byte[] header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    long expected = number(header, 148, 8);
    if (sum != expected) {
      throw new IllegalArgumentException(
          "tar: expected a header with checksum %d, found one of %d".formatted(sum, expected));
    }
  }

  private static long number(byte[] header, int offset, int length) {
    if ((header[offset] & 0x80) != 0) {
      long value = header[offset] & 0x7f;
      for (int i = 1; i < length; i++) {
        if (value >= 1L << 54) {
          throw new IllegalArgumentException("tar: expected a length, found one beyond 2^62");
        }
        value = value << 8 | (header[offset + i] & 0xff);
      }
      return value;
    }
    String octal = text(header, offset, length).strip();
    if (!octal.matches("[0-7]*")) {
      throw new IllegalArgumentException("tar: expected an octal number, found '" + octal + "'");
    }
    return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
  }

  private static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[block.length]);
  }
}
