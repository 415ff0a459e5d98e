package dev.dunlin.oci;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a module in a registry, read and completed as Docker and containerd do: {@code
 * [oci://][registry/]repository[:tag][@digest]}.
 *
 * @param registry host, or host and port; {@code docker.io} when the text names none
 * @param repository the path, with {@code library/} before a single word on docker.io
 * @param tag null only when there is a digest
 * @param digest of the manifest
 */
public record ImageReference(
    String registry, String repository, @Nullable String tag, @Nullable Digest digest) {
  static final String DOCKER_HUB = "docker.io";

  private static final int NAME_LENGTH = 255;
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
              + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
              + "|\\[[A-Fa-f0-9:]+])(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern WORD = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  /**
   * @throws IllegalArgumentException saying which part is wrong, what was expected and what found
   */
  public ImageReference {
    String whole = format(registry, repository, tag, digest);
    var authority = REGISTRY.matcher(registry);
    if (!authority.matches() || !isPort(authority.group("port"))) {
      throw invalid(whole, "registry", "a host name or address, and a port up to 65535", registry);
    }
    for (String word : repository.split("/", -1)) {
      if (!WORD.matcher(word).matches()) {
        throw invalid(
            whole,
            "repository",
            "lower-case letters and digits, single '.', '_', '__' or '-' between, parted by '/'",
            repository);
      }
    }
    if (registry.length() + 1 + repository.length() > NAME_LENGTH) {
      throw invalid(
          whole, "name", "at most " + NAME_LENGTH + " characters", registry + "/" + repository);
    }
    if (tag == null && digest == null) {
      throw invalid(whole, "reference", "a tag or a digest", "neither");
    }
    if (tag != null && !TAG.matcher(tag).matches()) {
      throw invalid(whole, "tag", "up to 128 letters, digits, '_', '.' and '-'", tag);
    }
  }

  /**
   * Reads a reference as a person writes it.
   *
   * @throws IllegalArgumentException saying which part is wrong, what was expected and what found
   */
  public static ImageReference parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "image reference: expected [registry/]repository[:tag][@digest], found nothing");
    }
    String rest = text.startsWith("oci://") ? text.substring("oci://".length()) : text;
    if (rest.contains("://")) {
      throw invalid(text, "scheme", "none, or oci://", rest.substring(0, rest.indexOf("://") + 3));
    }
    Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = parseDigest(text, rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    String tag = null;
    int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
    if (colon >= 0) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    int slash = rest.indexOf('/');
    boolean named = slash > 0 && isRegistry(rest.substring(0, slash));
    String registry = named ? rest.substring(0, slash) : DOCKER_HUB;
    String repository = named ? rest.substring(slash + 1) : rest;
    if (registry.equals("index.docker.io") || registry.equals("registry-1.docker.io")) {
      registry = DOCKER_HUB;
    }
    if (registry.equals(DOCKER_HUB) && !repository.contains("/")) {
      repository = "library/" + repository;
    }
    return new ImageReference(
        registry, repository, tag == null && digest == null ? "latest" : tag, digest);
  }

  /** The same repository by {@code digest} alone, so that one module has one name. */
  public ImageReference withDigest(Digest digest) {
    return new ImageReference(registry, repository, null, digest);
  }

  /** What a registry is asked for: the digest where there is one, else the tag. */
  String manifestName() {
    return digest != null ? digest.toString() : java.util.Objects.requireNonNull(tag);
  }

  /** Registry and repository, without tag and digest. */
  public String name() {
    return registry + "/" + repository;
  }

  /** In full, with nothing left to defaults; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return format(registry, repository, tag, digest);
  }

  private static String format(
      String registry, String repository, @Nullable String tag, @Nullable Digest digest) {
    return registry
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }

  // The first word is a registry only when it cannot be part of a Docker Hub repository.
  private static boolean isRegistry(String word) {
    return word.contains(".")
        || word.contains(":")
        || word.equals("localhost")
        || !word.equals(word.toLowerCase(java.util.Locale.ROOT));
  }

  private static boolean isPort(@Nullable String port) {
    return port == null || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65535);
  }

  private static Digest parseDigest(String text, String digest) {
    try {
      return Digest.parse(digest);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "image reference '%s': %s".formatted(text, e.getMessage()), e);
    }
  }

  private static IllegalArgumentException invalid(
      String text, String part, String expected, String found) {
    return new IllegalArgumentException(
        "image reference '%s': %s: expected %s, found '%s'".formatted(text, part, expected, found));
  }
}
