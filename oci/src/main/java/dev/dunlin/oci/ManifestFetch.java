package dev.dunlin.oci;

import static dev.dunlin.oci.RegistryException.Kind;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Gets manifests, checked against their digest, and the digests of tags. */
final class ManifestFetch {
  private static final Map<String, String> HEADERS =
      Map.of("Accept", String.join(", ", MediaTypes.MANIFESTS));

  private final Pull pull;

  ManifestFetch(Pull pull) {
    this.pull = pull;
  }

  /** The digest that the registry holds under the image's tag or digest. */
  Digest digest() {
    String name = pull.image().manifestName();
    return Backoff.retrying(
        pull.timeouts(),
        what(name),
        () -> {
          Optional<Digest> digest = headDigest(name);
          return digest.isPresent() ? digest.get() : bodyDigest(name);
        });
  }

  /** The manifest that {@code digest} names. */
  Manifest fetch(Digest digest) {
    return Backoff.retrying(
        pull.timeouts(), what(digest.toString()), () -> parse(digest, get(digest.toString())));
  }

  // Empty where HEAD is not spoken or says nothing usable: GET tells.
  private Optional<Digest> headDigest(String name) throws IOException {
    URI uri = pull.source().manifest(name);
    try (Response response = pull.send("HEAD", uri, HEADERS)) {
      return switch (response.status()) {
        case 200 -> announced(response).filter(d -> isAsked(d));
        case 400, 405, 501 -> Optional.empty();
        default -> throw pull.refusal(response, what(name));
      };
    }
  }

  private boolean isAsked(Digest found) {
    Digest asked = pull.image().digest();
    return asked == null || asked.equals(found);
  }

  private Digest bodyDigest(String name) throws IOException {
    Answer answer = get(name);
    Digest asked = pull.image().digest();
    if (asked != null) {
      parse(asked, answer);
      return asked;
    }
    Digest computed = Digest.of(answer.body());
    Optional<Digest> announced = answer.digest();
    if (announced.isPresent() && !announced.get().matches(answer.body())) {
      throw mismatch(name, announced.get(), computed);
    }
    parseOrRefuse(name, answer.body());
    return announced.orElse(computed);
  }

  @SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
  private record Answer(byte[] body, Optional<Digest> digest, String contentType) {}

  private Answer get(String name) throws IOException {
    try (Response response = pull.send("GET", pull.source().manifest(name), HEADERS)) {
      if (response.status() != 200) {
        throw pull.refusal(response, what(name));
      }
      byte[] body = response.readUpTo(RegistryLimits.MANIFEST_BYTES);
      if (body.length > RegistryLimits.MANIFEST_BYTES) {
        throw new RegistryException(
            Kind.TOO_LARGE,
            "%s: expected at most %d bytes, found more"
                .formatted(what(name), RegistryLimits.MANIFEST_BYTES));
      }
      return new Answer(body, announced(response), mediaType(response));
    }
  }

  private static String mediaType(Response response) {
    return response
        .header("Content-Type")
        .map(type -> type.replaceFirst("\\s*;.*", "").toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private Manifest parse(Digest digest, Answer answer) {
    if (digest.matches(answer.body())) {
      return parseOrRefuse(digest.toString(), answer.body());
    }
    // An error page is told apart from a damaged manifest: the first is nobody's wrong digest.
    if (!MediaTypes.MANIFESTS.contains(answer.contentType())) {
      parseOrRefuse(digest.toString(), answer.body());
    }
    throw mismatch(digest.toString(), digest, Digest.of(answer.body()));
  }

  private Manifest parseOrRefuse(String name, byte[] body) {
    try {
      return Manifest.parse(body);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(Kind.INVALID, what(name) + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Digest> announced(Response response) {
    return response
        .header("Docker-Content-Digest")
        .flatMap(text -> {
          try {
            return Optional.of(Digest.parse(text.strip()));
          } catch (IllegalArgumentException e) {
            return Optional.empty();
          }
        });
  }

  private RegistryException mismatch(String name, Digest expected, Digest found) {
    return new RegistryException(
        Kind.DIGEST_MISMATCH,
        "%s: expected %s, found bytes of %s".formatted(what(name), expected, found));
  }

  private String what(String name) {
    return "%s '%s' of %s".formatted(name.contains(":") ? "digest" : "tag", name, pull.source());
  }
}
