package dev.dunlin.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest (image-spec, descriptor.md): {@code sha256:<64 hex>} or {@code sha512:<128>}.
 */
public record Digest(String algorithm, String hex) {
  private static final Pattern HEX = Pattern.compile("[a-f0-9]+");

  /**
   * @throws IllegalArgumentException for another algorithm, length or alphabet
   */
  public Digest {
    int length =
        switch (algorithm) {
          case "sha256" -> 64;
          case "sha512" -> 128;
          default ->
              throw new IllegalArgumentException(
                  "digest: expected sha256 or sha512, found algorithm '" + algorithm + "'");
        };
    if (hex.length() != length || !HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "digest: expected %d lower-case hexadecimal characters after '%s:', found '%s' (%d)"
              .formatted(length, algorithm, hex, hex.length()));
    }
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "digest: expected 'sha256:' and 64 hexadecimal characters, found '" + text + "'");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /** The sha256 digest of {@code bytes}. */
  public static Digest of(byte[] bytes) {
    return ofHash("sha256", newHash("sha256").digest(bytes));
  }

  /** The digest of what {@code file} holds, by the same algorithm as this one. */
  public Digest ofFile(Path file) {
    MessageDigest hash = newHash();
    try (var in = Files.newInputStream(file)) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ofHash(algorithm, hash.digest());
  }

  /** Whether {@code bytes} are what this digest names. */
  public boolean matches(byte[] bytes) {
    return ofHash(algorithm, newHash().digest(bytes)).equals(this);
  }

  MessageDigest newHash() {
    return newHash(algorithm);
  }

  static Digest ofHash(String algorithm, byte[] hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash));
  }

  private static MessageDigest newHash(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
