package dev.dunlin.agent.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dunlin.api.v1alpha1.PolicyMode;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.SignatureAuthority;
import dev.dunlin.api.v1alpha1.WasmImagePolicy;
import dev.dunlin.api.v1alpha1.WasmImagePolicySpec;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.RegistryTimeouts;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.InMemoryRegistry;
import dev.dunlin.oci.testing.Signer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGateTest {
  private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @TempDir Path disk;
  private final InMemoryRegistry registry = InMemoryRegistry.start();
  private final RegistryClient client =
      new RegistryClient(
          RegistryConfig.defaults()
              .withPlainHttp(registry.address())
              .withTimeouts(
                  new RegistryTimeouts(
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5),
                      Duration.ofMillis(5),
                      Duration.ofMillis(50),
                      Duration.ofMinutes(1))));
  private final List<WasmImagePolicy> policies = new CopyOnWriteArrayList<>();
  private final Signer ada = Signer.create();
  private final Signer bob = Signer.create();
  private final Digest image = registry.pushModule("team/app:1", MODULE);

  @SuppressWarnings("NullAway.Init")
  private ImageGate gate;

  @BeforeEach
  void open() throws IOException {
    gate = another();
  }

  private ImageGate another() throws IOException {
    return new ImageGate((namespace, asked) -> policies, client, disk.resolve("signatures"));
  }

  @AfterEach
  void close() {
    client.close();
    registry.close();
  }

  @Test
  void withoutAPolicyNobodyIsAsked() throws InterruptedException {
    assertThat(admit()).isEmpty();
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void aSignedImagePassesInEitherLayout() throws InterruptedException, IOException {
    policies.add(policy("by-ada", ada));
    ada.signByTag(registry, "team/app", image);
    assertThat(admit().orElseThrow().message()).isEqualTo("policy by-ada: signed by key-1");

    registry.delete("team/app", "sha256-" + image.hex() + ".sig");
    deleteEvidence();
    assertThat(refusal().reason()).isEqualTo(Reasons.SIGNATURE_MISSING);
    ada.signByBundle(registry, "team/app", image);
    assertThat(admit().orElseThrow().well()).isTrue();
  }

  @Test
  void nothingOfTheModuleIsFetchedBeforeItPasses() {
    policies.add(policy("by-ada", ada));

    refusal();

    assertThat(registry.requests()).noneMatch(it -> it.path().contains("/blobs/"));
    assertThat(registry.requests()).noneMatch(it -> it.path().endsWith("manifests/" + image));
  }

  @Test
  void anUnsignedImageIsRefusedByName() {
    policies.add(policy("by-ada", ada));

    var refusal = refusal();

    assertThat(refusal.reason()).isEqualTo(Reasons.SIGNATURE_MISSING);
    assertThat(refusal)
        .hasMessage(
            reference() + ": policy by-ada wants a signature by key-1; the registry has none");
  }

  @Test
  void anotherKeysSignatureIsRefused() {
    policies.add(policy("by-ada", ada));
    bob.signByTag(registry, "team/app", image);
    bob.signByBundle(registry, "team/app", image);

    var refusal = refusal();

    assertThat(refusal.reason()).isEqualTo(Reasons.SIGNATURE_INVALID);
    assertThat(refusal).hasMessageContaining("none of 2 found is one: bundle sha256:");
  }

  @Test
  void aSignatureOfAnotherImageThatIsCopiedHereIsRefused() {
    policies.add(policy("by-ada", ada));
    Digest other = registry.pushModule("team/other:1", Arrays.copyOf(MODULE, 9));
    byte[] payload = Signer.payload("team/other", other);
    Signer.pushByTag(registry, "team/app", image, payload, ada.sign(payload));
    Signer.pushBundle(
        registry, "team/app", image, ada.bundle(other, "https://sigstore.dev/cosign/sign/v1"));

    var refusal = refusal();

    assertThat(refusal.reason()).isEqualTo(Reasons.SIGNATURE_INVALID);
    assertThat(refusal).hasMessageContaining("for another image: '" + other + "'");
  }

  @Test
  void itIsTheIndexThatMustBeSignedWhereTheTagNamesOne() throws InterruptedException {
    Artifact inside = Artifacts.cncf(MODULE);
    Digest index =
        registry.push("team/multi:1", Artifacts.index(List.of("wasip1/wasm"), List.of(inside)));
    var named = registry.reference("team/multi:1").withDigest(index);
    policies.add(policy("by-ada", ada));
    ada.signByTag(registry, "team/multi", inside.digest());

    assertThatThrownBy(() -> gate.admit("default", named, () -> Keychain.EMPTY))
        .isInstanceOf(ImageRefusedException.class);

    ada.signByTag(registry, "team/multi", index);
    assertThat(gate.admit("default", named, () -> Keychain.EMPTY).orElseThrow().well()).isTrue();
  }

  @Test
  void oneKeyOfAPolicyIsEnoughAndEveryPolicyHolds() throws InterruptedException {
    policies.add(policy("either", ada, bob));
    ada.signByTag(registry, "team/app", image);
    assertThat(admit()).isPresent();

    policies.add(policy("bobs-too", bob));
    assertThat(refusal())
        .hasMessageContaining("policy bobs-too wants")
        .hasMessageNotContaining("either");

    bob.signByBundle(registry, "team/app", image);
    assertThat(admit().orElseThrow().message())
        .isEqualTo("policy either: signed by key-1; policy bobs-too: signed by key-1");
  }

  @Test
  void aBrokenKeyLetsNobodyThroughAndIsNamed() throws InterruptedException {
    var spec = policy("broken", ada).getSpec();
    policies.add(
        policy(
            "broken",
            new WasmImagePolicySpec(
                null,
                List.of(),
                List.of(),
                PolicyMode.Enforce,
                List.of(
                    new SignatureAuthority(
                        "old", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
                    spec.authorities().getFirst()))));

    assertThat(refusal()).hasMessageContaining("its key old cannot be read");
    ada.signByTag(registry, "team/app", image);
    assertThat(admit().orElseThrow().well()).isTrue();
  }

  @Test
  void aPolicyThatOnlyWarnsLetsItStartAndSaysWhy() throws InterruptedException {
    policies.add(policy("by-ada", PolicyMode.Warn, ada));

    Judgement judgement = admit().orElseThrow();

    assertThat(judgement.well()).isFalse();
    assertThat(judgement.reason()).isEqualTo(Reasons.SIGNATURE_MISSING);
    assertThat(judgement.message()).endsWith("It starts all the same: the policy only warns.");
  }

  @Test
  void aRegistryThatIsLostIsNoReasonToLetItThrough() {
    policies.add(policy("by-ada", ada));
    registry.faults().status(".sig", 503, Integer.MAX_VALUE);

    var fault = catchThrowableOfType(RegistryException.class, this::admit);

    assertThat(fault.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE);
  }

  @Test
  void whatWasVerifiedOnceStartsWithoutTheRegistryAndAfterARestart()
      throws InterruptedException, IOException {
    policies.add(policy("by-ada", ada));
    ada.signByBundle(registry, "team/app", image);
    admit();
    registry.close();

    assertThat(admit().orElseThrow().well()).isTrue();
    gate = another();
    assertThat(admit().orElseThrow().well()).isTrue();
  }

  @Test
  void whatIsKeptIsHeldAgainstTheKeysOfTheDay() throws InterruptedException {
    policies.add(policy("by-ada", ada));
    ada.signByBundle(registry, "team/app", image);
    admit();
    policies.set(0, policy("by-bob", bob));

    assertThat(refusal().reason()).isEqualTo(Reasons.SIGNATURE_INVALID);
  }

  @Test
  void whoeverWritesIntoTheCacheGainsNothing() throws InterruptedException, IOException {
    policies.add(policy("by-ada", ada));
    Digest other = registry.pushModule("team/other:1", Arrays.copyOf(MODULE, 9));
    ada.signByTag(registry, "team/other", other);
    gate.admit(
        "default", registry.reference("team/other:1").withDigest(other), () -> Keychain.EMPTY);
    Path kept = disk.resolve("signatures");
    Files.copy(
        kept.resolve("sha256-" + other.hex() + ".json"),
        kept.resolve("sha256-" + image.hex() + ".json"));

    assertThat(refusal().reason()).isEqualTo(Reasons.SIGNATURE_MISSING);

    Files.writeString(kept.resolve("sha256-" + image.hex() + ".json"), "{\"verdict\":\"yes\"");
    assertThat(refusal().reason()).isEqualTo(Reasons.SIGNATURE_MISSING);
  }

  @Test
  void theCacheIsBounded() throws IOException {
    var folder = new EvidenceFolder(disk.resolve("few"), 3);
    for (int i = 0; i < 10; i++) {
      Digest digest = Digest.of(new byte[] {(byte) i});
      folder.write(
          digest, List.of(new dev.dunlin.oci.SignatureArtifact.Bundle("here", new byte[] {1, 2})));
    }

    try (var files = Files.list(disk.resolve("few"))) {
      assertThat(files).hasSize(3);
    }
  }

  private void deleteEvidence() throws IOException {
    Files.delete(disk.resolve("signatures").resolve("sha256-" + image.hex() + ".json"));
  }

  private ImageReference reference() {
    return registry.reference("team/app:1").withDigest(image);
  }

  private Optional<Judgement> admit() throws InterruptedException {
    return gate.admit("default", reference(), () -> Keychain.EMPTY);
  }

  private ImageRefusedException refusal() {
    var refusal = catchThrowableOfType(ImageRefusedException.class, this::admit);
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private static WasmImagePolicy policy(String name, Signer... keys) {
    return policy(name, PolicyMode.Enforce, keys);
  }

  private static WasmImagePolicy policy(String name, PolicyMode mode, Signer... keys) {
    var authorities = new java.util.ArrayList<SignatureAuthority>();
    for (Signer key : keys) {
      authorities.add(new SignatureAuthority("key-" + (authorities.size() + 1), key.pem()));
    }
    return policy(name, new WasmImagePolicySpec(null, List.of(), List.of(), mode, authorities));
  }

  private static WasmImagePolicy policy(String name, WasmImagePolicySpec spec) {
    var policy = new WasmImagePolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName(name).build());
    policy.setSpec(spec);
    return policy;
  }
}
