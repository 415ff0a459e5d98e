package dev.dunlin.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dunlin.oci.SignatureArtifact.Bundle;
import dev.dunlin.oci.SignatureArtifact.SimpleSigning;
import dev.dunlin.oci.SignatureArtifact.Unreadable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gets what one source keeps as signatures of one digest, in cosign's layouts: bundles that refer
 * to it (distribution-spec, referrers, or their fallback tag), and the tag {@code sha256-HEX.sig}.
 * Whoever may push may leave anything there: all of it is bounded.
 */
final class SignatureFetch {
  /** Of everything that lies beside one image. */
  static final int MOST_ARTIFACTS = 50;

  static final int PAYLOAD_BYTES = 64 << 10;
  static final int BUNDLE_BYTES = 128 << 10;
  private static final int LIST_BYTES = 1 << 20;

  private static final int SHOWN = 300;
  private static final int PAGES = 8;
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
  private static final Map<String, String> MANIFEST =
      Map.of("Accept", MediaTypes.OCI_MANIFEST + ", " + MediaTypes.DOCKER_MANIFEST);
  private static final Map<String, String> INDEX = Map.of("Accept", MediaTypes.OCI_INDEX);

  private final Pull pull;
  private final Predicate<SignatureArtifact> enough;
  private int looks;

  /**
   * @param enough shown each that is found; when it is content, no more are asked for
   */
  SignatureFetch(Pull pull, Predicate<SignatureArtifact> enough) {
    this.pull = pull;
    this.enough = enough;
  }

  /** Whether one of them is enough. */
  boolean search(Digest image) {
    String tag = image.algorithm() + "-" + image.hex();
    return any("referrers of " + image, () -> referrers(image), this::bundle)
        || any("tag " + tag, () -> listed(tag), this::bundle)
        || any("tag " + tag + ".sig", () -> layers(tag + ".sig"), this::simpleSigning);
  }

  /** A listing that is damaged hides no other one. */
  private boolean any(
      String where, Supplier<List<JsonNode>> listing, Predicate<JsonNode> isEnough) {
    List<JsonNode> listed;
    try {
      listed = listing.get();
    } catch (IllegalArgumentException e) {
      return enough.test(unreadable(where, e));
    }
    return listed.stream().anyMatch(isEnough);
  }

  private List<JsonNode> referrers(Digest image) {
    var all = new ArrayList<JsonNode>();
    URI page = pull.source().referrers(image, MediaTypes.BUNDLE);
    for (int pages = 0; page != null && pages < PAGES && all.size() < MOST_ARTIFACTS; pages++) {
      Optional<Answer> answer = get(page, INDEX, LIST_BYTES, "referrers of " + image, true);
      if (answer.isEmpty()) {
        return all;
      }
      all.addAll(manifests(answer.get().body(), "referrers of " + image));
      page = answer.get().next();
    }
    return all;
  }

  /** What the tag lists that stands in for the API where a registry has none. */
  private List<JsonNode> listed(String tag) {
    return get(pull.source().manifest(tag), INDEX, LIST_BYTES, "tag " + tag, true)
        .map(answer -> manifests(answer.body(), "tag " + tag))
        .orElse(List.of());
  }

  private List<JsonNode> manifests(byte[] body, String where) {
    JsonNode manifests = json(body, where).path("manifests");
    var all = new ArrayList<JsonNode>();
    for (JsonNode manifest : manifests) {
      String type = manifest.path("artifactType").asText("");
      String predicate =
          manifest.path("annotations").path(MediaTypes.PREDICATE_ANNOTATION).asText("");
      // Attestations come in bundles too, and an image may have many.
      if ((type.isEmpty() || type.equals(MediaTypes.BUNDLE))
          && (predicate.isEmpty() || predicate.equals(MediaTypes.SIGN_PREDICATE))) {
        all.add(manifest);
      }
    }
    return all;
  }

  private boolean bundle(JsonNode referrer) {
    String where = "bundle " + name(referrer);
    return taken(
        () -> {
          Descriptor manifest = Descriptor.of(referrer);
          requireSize(manifest, PAYLOAD_BYTES);
          byte[] body =
              checked(
                  manifest, pull.source().manifest(manifest.digest().toString()), where, MANIFEST);
          for (JsonNode layer : json(body, where).path("layers")) {
            if (layer.path("mediaType").asText("").equals(MediaTypes.BUNDLE)) {
              Descriptor blob = Descriptor.of(layer);
              requireSize(blob, BUNDLE_BYTES);
              return new Bundle(
                  where, checked(blob, pull.source().blob(blob.digest()), where, Map.of()));
            }
          }
          throw new IllegalArgumentException("expected a bundle, found another artifact");
        },
        where);
  }

  private List<JsonNode> layers(String tag) {
    var all = new ArrayList<JsonNode>();
    get(pull.source().manifest(tag), MANIFEST, LIST_BYTES, "tag " + tag, false)
        .ifPresent(answer -> json(answer.body(), "tag " + tag).path("layers").forEach(all::add));
    all.removeIf(layer -> !layer.path("mediaType").asText("").equals(MediaTypes.SIMPLE_SIGNING));
    return all;
  }

  private boolean simpleSigning(JsonNode layer) {
    String where = "payload " + name(layer);
    return taken(
        () -> {
          Descriptor blob = Descriptor.of(layer);
          requireSize(blob, PAYLOAD_BYTES);
          return new SimpleSigning(
              where,
              checked(blob, pull.source().blob(blob.digest()), where, Map.of()),
              layer.path("annotations").path(MediaTypes.SIGNATURE_ANNOTATION).asText(""));
        },
        where);
  }

  private interface Reading {
    SignatureArtifact get();
  }

  /** Damage in one artifact is that artifact's: another one beside it may be good. */
  private boolean taken(Reading reading, String where) {
    pull.deadline().require(where);
    if (++looks > MOST_ARTIFACTS) {
      return false;
    }
    try {
      return enough.test(reading.get());
    } catch (IllegalArgumentException e) {
      return enough.test(unreadable(where, e));
    }
  }

  private static SignatureArtifact unreadable(String where, IllegalArgumentException e) {
    return new Unreadable(where, shown(String.valueOf(e.getMessage())));
  }

  private static String name(JsonNode descriptor) {
    return shown(descriptor.path("digest").asText("without a digest"));
  }

  /** What somebody left in a registry, in one short line. */
  private static String shown(String text) {
    String line = text.substring(0, Math.min(text.length(), SHOWN)).replaceAll("\\p{Cntrl}+", " ");
    return text.length() > SHOWN ? line + "…" : line;
  }

  private static void requireSize(Descriptor blob, int most) {
    if (blob.sizeBytes() > most) {
      throw new IllegalArgumentException(
          "expected at most %d bytes, found a descriptor of %d".formatted(most, blob.sizeBytes()));
    }
  }

  private byte[] checked(Descriptor named, URI uri, String where, Map<String, String> headers) {
    int most = (int) Math.min(Math.max(named.sizeBytes(), 0), RegistryLimits.MANIFEST_BYTES);
    byte[] body =
        get(uri, headers, most, where, false)
            .orElseThrow(() -> new IllegalArgumentException("expected its bytes, found nothing"))
            .body();
    if (!named.digest().matches(body)) {
      throw new IllegalArgumentException("expected bytes of its digest, found others");
    }
    return body;
  }

  private static JsonNode json(byte[] body, String where) {
    try {
      return Json.MAPPER.readTree(body);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          where + ": expected JSON, found " + Refusal.snippet(body), e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Read-only bytes, compared by nobody.
  private record Answer(byte[] body, @Nullable URI next) {}

  /** Empty where there is none. */
  private Optional<Answer> get(
      URI uri, Map<String, String> headers, int most, String what, boolean optional) {
    return Backoff.retrying(
        pull.timeouts(),
        what + " at " + pull.source(),
        () -> {
          try (Response response = pull.send("GET", uri, headers)) {
            return switch (response.status()) {
              case 200 -> Optional.of(answer(uri, response, most, what));
              case 404 -> Optional.empty();
              case 400, 405, 406, 501 -> {
                if (optional) {
                  yield Optional.empty();
                }
                throw pull.refusal(response, what + " at " + pull.source());
              }
              default -> throw pull.refusal(response, what + " at " + pull.source());
            };
          }
        });
  }

  private static Answer answer(URI uri, Response response, int most, String what)
      throws IOException {
    byte[] body = response.readUpTo(most);
    if (body.length > most) {
      throw new IllegalArgumentException(
          "%s: expected at most %d bytes, found more".formatted(what, most));
    }
    return new Answer(body, response.header("Link").map(link -> next(uri, link)).orElse(null));
  }

  /** The next page is the same registry's. */
  private static @Nullable URI next(URI at, String link) {
    Matcher next = NEXT.matcher(link);
    if (!next.find()) {
      return null;
    }
    URI page = at.resolve(next.group(1));
    return page.getRawAuthority() != null
            && page.getRawAuthority().equals(at.getRawAuthority())
            && page.getScheme().equals(at.getScheme())
        ? page
        : null;
  }
}
