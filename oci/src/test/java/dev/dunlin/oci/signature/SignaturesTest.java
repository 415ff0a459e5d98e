package dev.dunlin.oci.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.oci.Digest;
import dev.dunlin.oci.SignatureArtifact;
import dev.dunlin.oci.signature.Signatures.Finding;
import dev.dunlin.oci.testing.Signer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
  private static final Digest IMAGE = Digest.of("image".getBytes(StandardCharsets.UTF_8));
  private static final Finding SIGNED = new Finding.Signed();
  private static final String SIGN = "https://sigstore.dev/cosign/sign/v1";

  private final Signer signer = Signer.create();
  private final VerificationKey key = VerificationKey.parse(signer.pem());

  @ParameterizedTest
  @CsvSource({
    "EC,256,SHA256withECDSA",
    "EC,384,SHA384withECDSA",
    "EC,384,SHA256withECDSA",
    "EC,521,SHA512withECDSA",
    "Ed25519,0,Ed25519",
    "RSA,2048,SHA256withRSA",
    "RSA,3072,SHA512withRSA"
  })
  void everyKindOfKeyThatCosignKnowsSigns(String family, int bits, String algorithm) {
    Signer other = Signer.of(family, bits, algorithm);
    var itsKey = VerificationKey.parse(other.pem());

    assertThat(Signatures.check(bundle(other.bundle(IMAGE, SIGN)), IMAGE, itsKey))
        .isEqualTo(SIGNED);
    assertThat(Signatures.check(bundle(other.bundle(IMAGE, SIGN)), IMAGE, key))
        .isInstanceOf(Finding.Refused.class);
  }

  @Test
  void whatARepositoryWasCalledIsNotCompared() {
    // cosign verify does not either: images are copied together with their signatures.
    assertThat(older(Signer.payload("registry.example.com/some/other", IMAGE))).isEqualTo(SIGNED);
  }

  @Test
  void aSignatureOfAnotherImageIsRefusedHere() {
    Digest other = Digest.of("other".getBytes(StandardCharsets.UTF_8));

    assertThat(older(Signer.payload("r/i", other)))
        .isEqualTo(
            new Finding.Refused(
                true, "it is signed by the key, but for another image: '" + other + "'"));
    assertThat(Signatures.check(bundle(signer.bundle(other, SIGN)), IMAGE, key))
        .isEqualTo(
            new Finding.Refused(
                true, "it is signed by the key, but for another image: '" + other + "'"));
  }

  @Test
  void anAttestationByTheSameKeyIsNoSignature() {
    byte[] provenance = signer.bundle(IMAGE, "https://slsa.dev/provenance/v1");

    assertThat(Signatures.check(bundle(provenance), IMAGE, key))
        .isInstanceOfSatisfying(
            Finding.Refused.class,
            it -> assertThat(it.why()).contains("slsa.dev/provenance", SIGN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "not json",
        "{\"critical\":{}}",
        "{\"critical\":{\"type\":\"atomic container signature\",\"image\":{\"docker-manifest-digest\":\"DIGEST\"}}}",
        "{\"critical\":{\"type\":\"cosign container image signature\",\"type\":\"cosign container image signature\",\"image\":{\"docker-manifest-digest\":\"DIGEST\"}}}",
        "{\"critical\":{\"type\":\"cosign container image signature\",\"image\":{\"docker-manifest-digest\":\"DIGEST\"}}} {}",
        "{\"critical\":{\"type\":\"cosign container image signature\",\"image\":{\"docker-manifest-digest\":[\"DIGEST\"]}}}"
      })
  void aSignedPayloadOfAnotherFormIsRefused(String payload) {
    byte[] bytes = payload.replace("DIGEST", IMAGE.toString()).getBytes(StandardCharsets.UTF_8);

    assertThat(older(bytes))
        .isInstanceOfSatisfying(Finding.Refused.class, it -> assertThat(it.byKey()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!!!", "AAAA", "MEUCIQ=="})
  void aSignatureThatIsNoneIsRefused(String signature) {
    var artifact =
        new SignatureArtifact.SimpleSigning("here", Signer.payload("r/i", IMAGE), signature);

    assertThat(Signatures.check(artifact, IMAGE, key)).isInstanceOf(Finding.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1]",
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.9+json\"}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"dsseEnvelope\":{\"payload\":\"AA==\",\"signatures\":[]}}",
        "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"dsseEnvelope\":{\"payload\":\"AA==\",\"signatures\":[{\"sig\":\"AA==\"},{\"sig\":\"AA==\"}]}}"
      })
  void aBundleThatIsNoneIsRefused(String json) {
    assertThat(Signatures.check(bundle(json.getBytes(StandardCharsets.UTF_8)), IMAGE, key))
        .isInstanceOf(Finding.Refused.class);
  }

  @Test
  void oneByACertificateSaysThatItIsKeyless() {
    String keyless =
        new String(signer.bundle(IMAGE, SIGN), StandardCharsets.UTF_8)
            .replace("\"publicKey\":{\"hint\":\"x\"}", "\"certificate\":{\"rawBytes\":\"AA==\"}");
    var other = VerificationKey.parse(Signer.create().pem());

    assertThat(Signatures.check(bundle(keyless.getBytes(StandardCharsets.UTF_8)), IMAGE, other))
        .isInstanceOfSatisfying(
            Finding.Refused.class, it -> assertThat(it.why()).contains("keyless"));
  }

  @Test
  void whatIsSignedByRsaOfTooFewBitsOrNoKeyAtAllIsNoKey() {
    String weak = Signer.of("RSA", 1024, "SHA256withRSA").pem();

    assertThatThrownBy(() -> VerificationKey.parse(weak))
        .hasMessageContaining("2048 to 8192 bits, found 1024");
    for (String text :
        List.of(
            "",
            "ssh-ed25519 AAAA",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            signer.pem() + signer.pem())) {
      assertThatThrownBy(() -> VerificationKey.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected");
    }
  }

  private Finding older(byte[] payload) {
    return Signatures.check(
        new SignatureArtifact.SimpleSigning("here", payload, signer.sign(payload)), IMAGE, key);
  }

  private static SignatureArtifact bundle(byte[] json) {
    return new SignatureArtifact.Bundle("here", json);
  }
}
