package dev.dunlin.oci.signature;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.SignatureArtifact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * Holds what claims to be a signature against an image and a key, as {@code cosign verify --key
 * --insecure-ignore-tlog} does: offline, by the key alone. What a payload says of its repository
 * ({@code docker-reference}) is not compared, as there: images are copied with their signatures.
 */
public final class Signatures {
  /** What came of it. */
  public sealed interface Finding {
    /** The key has signed that image. */
    record Signed() implements Finding {}

    /**
     * It has not.
     *
     * @param byKey whether the key has signed it, and something else is wrong with it
     */
    record Refused(boolean byKey, String why) implements Finding {}
  }

  private static final Finding SIGNED = new Finding.Signed();
  private static final String SIMPLE_TYPE = "cosign container image signature";
  private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final String PREDICATE = "https://sigstore.dev/cosign/sign/v1";
  private static final Set<String> STATEMENTS =
      Set.of("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1");
  private static final Set<String> BUNDLES =
      Set.of(
          "application/vnd.dev.sigstore.bundle.v0.3+json",
          "application/vnd.dev.sigstore.bundle+json;version=0.3");

  /** Two readers of one text must not find two things in it. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Signatures() {}

  /** Whether {@code key} has signed {@code image} by this artifact. */
  public static Finding check(SignatureArtifact artifact, Digest image, VerificationKey key) {
    try {
      return switch (artifact) {
        case SignatureArtifact.SimpleSigning(var where, byte[] payload, String signature) ->
            simple(payload, signature, image, key);
        case SignatureArtifact.Bundle(var where, byte[] json) -> bundle(json, image, key);
        case SignatureArtifact.Unreadable(var where, String why) -> new Finding.Refused(false, why);
      };
    } catch (IllegalArgumentException e) {
      return new Finding.Refused(false, String.valueOf(e.getMessage()));
    }
  }

  private static Finding simple(
      byte[] payload, String signature, Digest image, VerificationKey key) {
    if (!key.hasSigned(payload, base64(signature, "signature"))) {
      return notByKey();
    }
    // Only now is the payload read: it is the key's owner who wrote it.
    JsonNode critical;
    try {
      critical = json(payload, "payload").path("critical");
    } catch (IllegalArgumentException e) {
      return new Finding.Refused(true, String.valueOf(e.getMessage()));
    }
    String type = critical.path("type").asText("");
    if (!type.equals(SIMPLE_TYPE)) {
      return new Finding.Refused(
          true,
          "it is signed by the key, but expected type '%s', found '%s'"
              .formatted(SIMPLE_TYPE, type));
    }
    String digest = critical.path("image").path("docker-manifest-digest").asText("");
    return digest.equals(image.toString()) ? SIGNED : ofAnother(digest);
  }

  private static Finding bundle(byte[] text, Digest image, VerificationKey key) {
    JsonNode bundle = json(text, "bundle");
    String mediaType = bundle.path("mediaType").asText("");
    if (!BUNDLES.contains(mediaType)) {
      throw new IllegalArgumentException(
          "expected a Sigstore bundle v0.3, found '%s'".formatted(snippet(mediaType)));
    }
    JsonNode envelope = bundle.path("dsseEnvelope");
    if (!envelope.isObject()) {
      throw new IllegalArgumentException("expected a bundle with a DSSE envelope, found none");
    }
    String payloadType = envelope.path("payloadType").asText("");
    byte[] payload = base64(envelope.path("payload").asText(""), "payload");
    JsonNode signatures = envelope.path("signatures");
    if (signatures.size() != 1) {
      throw new IllegalArgumentException(
          "expected one signature in the envelope, found " + signatures.size());
    }
    byte[] signature = base64(signatures.path(0).path("sig").asText(""), "signature");
    if (!key.hasSigned(preAuthentication(payloadType, payload), signature)) {
      return bundle.path("verificationMaterial").has("certificate")
          ? new Finding.Refused(
              false, "it is signed without a key (keyless), which is not verified here")
          : notByKey();
    }
    try {
      return statement(payloadType, payload, image);
    } catch (IllegalArgumentException e) {
      return new Finding.Refused(true, String.valueOf(e.getMessage()));
    }
  }

  private static Finding statement(String payloadType, byte[] payload, Digest image) {
    if (!payloadType.equals(PAYLOAD_TYPE)) {
      throw new IllegalArgumentException(
          "expected a payload of type %s, found '%s'"
              .formatted(PAYLOAD_TYPE, snippet(payloadType)));
    }
    JsonNode statement = json(payload, "statement");
    String type = statement.path("_type").asText("");
    String predicate = statement.path("predicateType").asText("");
    // The same key may have made attestations: to say how an image was built is not to sign it.
    if (!STATEMENTS.contains(type) || !predicate.equals(PREDICATE)) {
      throw new IllegalArgumentException(
          "it is made by the key, but expected an in-toto statement of %s, found '%s' of '%s'"
              .formatted(PREDICATE, snippet(type), snippet(predicate)));
    }
    String found = "none";
    for (JsonNode subject : statement.path("subject")) {
      String hex = subject.path("digest").path(image.algorithm()).asText("");
      if (hex.equals(image.hex())) {
        return SIGNED;
      }
      found = image.algorithm() + ":" + hex;
    }
    return ofAnother(found);
  }

  /** DSSE's PAE (github.com/secure-systems-lab/dsse, protocol.md). */
  static byte[] preAuthentication(String type, byte[] body) {
    var out = new ByteArrayOutputStream();
    byte[] name = type.getBytes(StandardCharsets.UTF_8);
    out.writeBytes("DSSEv1 %d ".formatted(name.length).getBytes(StandardCharsets.UTF_8));
    out.writeBytes(name);
    out.writeBytes(" %d ".formatted(body.length).getBytes(StandardCharsets.UTF_8));
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static Finding notByKey() {
    return new Finding.Refused(false, "it is not by this key");
  }

  private static Finding ofAnother(String digest) {
    return new Finding.Refused(
        true, "it is signed by the key, but for another image: '%s'".formatted(snippet(digest)));
  }

  private static byte[] base64(String text, String what) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected a %s in base64, found other text".formatted(what), e);
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException("expected a %s, found none".formatted(what));
    }
    return bytes;
  }

  private static JsonNode json(byte[] text, String what) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "expected a %s in JSON, found other bytes".formatted(what), e);
    }
    if (json == null || !json.isObject()) {
      throw new IllegalArgumentException(
          "expected a %s in JSON, found other bytes".formatted(what));
    }
    return json;
  }

  private static String snippet(String text) {
    String line = text.replaceAll("[\\p{Cntrl}]+", " ");
    return line.length() > 100 ? line.substring(0, 100) + "…" : line;
  }
}
