package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.SignatureArtifact.Bundle;
import dev.dunlin.oci.SignatureArtifact.SimpleSigning;
import dev.dunlin.oci.SignatureArtifact.Unreadable;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.InMemoryRegistry;
import dev.dunlin.oci.testing.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies beside an image, and what is left there by whoever may push. */
class SignatureFetchTest extends RegistryTest {
  private final Signer signer = Signer.create();

  @Test
  void bothLayoutsAreFound() {
    signer.signByTag(registry, "demo/app", pushed);
    signer.signByBundle(registry, "demo/app", pushed);

    assertThat(all()).hasExactlyElementsOfTypes(Bundle.class, SimpleSigning.class);
  }

  @Test
  void nothingMoreIsAskedForThanIsEnough() {
    signer.signByTag(registry, "demo/app", pushed);
    signer.signByBundle(registry, "demo/app", pushed);

    assertThat(found(Keychain.EMPTY, true)).hasExactlyElementsOfTypes(Bundle.class);
    assertThat(registry.count("GET", ".sig")).isZero();
  }

  @Test
  void anImageWithoutSignaturesHasNone() {
    assertThat(all()).isEmpty();
  }

  @Test
  void theReferrersApiIsAskedFirst() {
    byte[] bundle = signer.bundle(pushed, "https://sigstore.dev/cosign/sign/v1");
    Artifact referrer = referrer(bundle);
    registry.push("demo/app@" + referrer.digest(), referrer);
    registry.faults().body("/referrers/" + pushed, Artifacts.OCI_INDEX, index(List.of(referrer)));

    assertThat(all())
        .singleElement()
        .isInstanceOfSatisfying(Bundle.class, it -> assertThat(it.json()).isEqualTo(bundle));
  }

  @Test
  void moreThanAnyoneSignsIsNotReadToItsEnd() {
    var referrers = new ArrayList<Artifact>();
    for (int i = 0; i < SignatureFetch.MOST_ARTIFACTS + 20; i++) {
      Artifact referrer = referrer(("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
      registry.push("demo/app@" + referrer.digest(), referrer);
      referrers.add(referrer);
    }
    registry.faults().body("/referrers/", Artifacts.OCI_INDEX, index(referrers));

    assertThat(all()).hasSize(SignatureFetch.MOST_ARTIFACTS);
    assertThat(registry.count("GET", "/blobs/")).isLessThanOrEqualTo(SignatureFetch.MOST_ARTIFACTS);
  }

  @Test
  void aPayloadLargerThanAnyIsNotFetched() {
    byte[] large = new byte[SignatureFetch.PAYLOAD_BYTES + 1];
    Signer.pushByTag(registry, "demo/app", pushed, large, signer.sign(large));

    assertThat(all())
        .singleElement()
        .isInstanceOfSatisfying(
            Unreadable.class, it -> assertThat(it.why()).contains("at most 65536 bytes"));
    assertThat(registry.count("GET", "/blobs/" + Digest.of(large))).isZero();
  }

  @Test
  void aPayloadThatIsLongerThanItSaysIsCutOff() {
    signer.signByTag(registry, "demo/app", pushed);
    registry.faults().body("/blobs/", "application/octet-stream", "x".repeat(1 << 20));

    assertThat(all()).hasExactlyElementsOfTypes(Unreadable.class);
  }

  @Test
  void otherBytesThanADigestNamesAreNoPayload() {
    signer.signByTag(registry, "demo/app", pushed);
    registry.faults().wrongBytes("/blobs/", 1);

    assertThat(all())
        .singleElement()
        .isInstanceOfSatisfying(
            Unreadable.class, it -> assertThat(it.why()).contains("bytes of its digest"));
  }

  @Test
  void aDamagedListHidesNoOtherSignature() {
    signer.signByTag(registry, "demo/app", pushed);
    registry.faults().html("/referrers/");

    assertThat(all()).hasExactlyElementsOfTypes(Unreadable.class, SimpleSigning.class);
  }

  @Test
  void attestationsAreNotCounted() {
    Artifact referrer = referrer("{}".getBytes(StandardCharsets.UTF_8));
    registry.push("demo/app@" + referrer.digest(), referrer);
    registry
        .faults()
        .body(
            "/referrers/",
            Artifacts.OCI_INDEX,
            index(List.of(referrer))
                .replace(
                    "\"artifactType\"",
                    "\"annotations\":{\"dev.sigstore.bundle.predicateType\":\"https://slsa.dev/provenance/v1\"},\"artifactType\""));

    assertThat(all()).isEmpty();
  }

  @Test
  void aRegistryThatFailsIsNotOneWithoutSignatures() {
    reconfigure(config().withTimeouts(quick(Duration.ofMillis(50))));
    registry.faults().status(".sig", 503, Integer.MAX_VALUE);

    refused(Kind.UNAVAILABLE, this::all);
  }

  @Test
  void aRegistryThatRefusesIsNotOneWithoutSignatures() {
    registry.requireBasic("ada", "lovelace");

    refused(Kind.UNAUTHORIZED, this::all);
    signer.signByTag(registry, "demo/app", pushed);
    assertThat(found(keychain("ada", "lovelace"), false)).hasSize(1);
  }

  @Test
  void whatAMirrorHasNotTheRegistryHas() {
    try (var mirror = InMemoryRegistry.start()) {
      mirror.pushModule("demo/app:v1", MODULE);
      signer.signByTag(registry, "demo/app", pushed);
      reconfigure(
          config()
              .withPlainHttp(mirror.address())
              .withMirror(registry.address(), mirror.address()));

      assertThat(all()).hasExactlyElementsOfTypes(SimpleSigning.class);
    }
  }

  private List<SignatureArtifact> all() {
    return found(Keychain.EMPTY, false);
  }

  private List<SignatureArtifact> found(Keychain keychain, boolean enough) {
    var found = new ArrayList<SignatureArtifact>();
    client.signatures(
        byDigest(),
        keychain,
        it -> {
          found.add(it);
          return enough;
        });
    return found;
  }

  private static Artifact referrer(byte[] bundle) {
    return Artifacts.artifact(
        "application/vnd.oci.empty.v1+json", "{}", new Artifacts.Layer(MediaTypes.BUNDLE, bundle));
  }

  private static String index(List<Artifact> referrers) {
    return "{\"schemaVersion\":2,\"manifests\":["
        + String.join(
            ",",
            referrers.stream()
                .map(it ->
                    "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"artifactType\":\"%s\"}"
                        .formatted(
                            it.mediaType(), it.digest(), it.manifest().length, MediaTypes.BUNDLE))
                .toList())
        + "]}";
  }
}
