package dev.dunlin.oci.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.SignatureArtifact;
import dev.dunlin.oci.signature.Signatures.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cosign itself has made; {@code signatures/make} makes it anew. */
class CosignVectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Finding SIGNED = new Finding.Signed();

  @ParameterizedTest
  @ValueSource(strings = {"p256", "p384", "rsa", "ed25519"})
  void aSignatureInTheOlderLayoutIsGood(String key) throws IOException {
    assertThat(Signatures.check(older(key), image(), key(key))).isEqualTo(SIGNED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p256", "p384", "rsa", "ed25519"})
  void aBundleIsGood(String key) throws IOException {
    assertThat(Signatures.check(bundle(key), image(), key(key))).isEqualTo(SIGNED);
  }

  @ParameterizedTest
  @CsvSource({"p256,p384", "p384,p256", "rsa,ed25519", "ed25519,rsa", "p256,rsa"})
  void anotherKeyHasNotMadeIt(String key, String other) throws IOException {
    var notByKey = new Finding.Refused(false, "it is not by this key");

    assertThat(Signatures.check(older(key), image(), key(other))).isEqualTo(notByKey);
    assertThat(Signatures.check(bundle(key), image(), key(other))).isEqualTo(notByKey);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p256", "p384", "rsa", "ed25519"})
  void theyAreNoSignaturesOfAnotherImage(String key) throws IOException {
    Digest other = Digest.of("another".getBytes(StandardCharsets.UTF_8));

    String signed = image().toString();
    assertThat(Signatures.check(older(key), other, key(key)))
        .isInstanceOfSatisfying(
            Finding.Refused.class,
            it -> {
              assertThat(it.byKey()).isTrue();
              assertThat(it.why()).contains("for another image", signed);
            });
    assertThat(Signatures.check(bundle(key), other, key(key)))
        .isInstanceOfSatisfying(Finding.Refused.class, it -> assertThat(it.byKey()).isTrue());
  }

  @Test
  void oneChangedByteAnywhereInABundleIsNeverASignatureOfAnotherImage() throws IOException {
    byte[] good = resource("p256.bundle.json");
    Digest other = Digest.of(good);
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      assertThat(
              Signatures.check(new SignatureArtifact.Bundle("here", changed), other, key("p256")))
          .as("byte %d", i)
          .isInstanceOf(Finding.Refused.class);
    }
  }

  static Digest image() throws IOException {
    return Digest.of(resource("image.json"));
  }

  static VerificationKey key(String name) throws IOException {
    return VerificationKey.parse(new String(resource(name + ".pub"), StandardCharsets.UTF_8));
  }

  private static SignatureArtifact older(String key) throws IOException {
    String signature =
        JSON.readTree(resource(key + ".sig.json"))
            .path("layers")
            .path(0)
            .path("annotations")
            .path("dev.cosignproject.cosign/signature")
            .asText();
    return new SignatureArtifact.SimpleSigning("here", resource(key + ".payload.json"), signature);
  }

  private static SignatureArtifact bundle(String key) throws IOException {
    return new SignatureArtifact.Bundle("here", resource(key + ".bundle.json"));
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = CosignVectorsTest.class.getResourceAsStream("/signatures/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
