package dev.dunlin.agent.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.RegistryTimeouts;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.InMemoryRegistry;
import dev.dunlin.oci.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shop's private module is on the node; mallory knows its digest and owns a registry. */
class ModuleStoreHolderTest {
  private static final long LIMIT = 10_000;
  private static final int ALWAYS = Integer.MAX_VALUE;
  private static final byte[] MODULE = random(6000);
  private static final byte[] BASE = new TarBuilder().file("etc/base", random(1500)).build();
  private static final byte[] TOP = new TarBuilder().file("app.wasm", random(1000)).build();
  private static final Artifact TWO_LAYERS =
      Artifacts.rootfs(
          Artifacts.imageConfig("wasi", "wasm", "[\"/app.wasm\"]"),
          new Artifacts.Layer(Artifacts.TAR, BASE),
          new Artifacts.Layer(Artifacts.TAR, TOP));

  @TempDir Path folder;
  private InMemoryRegistry shop;
  private InMemoryRegistry evil;
  private InMemoryRegistry mirror;
  private RegistryClient client;
  private ModuleStore store;
  private Keychain bob;

  @BeforeEach
  void start() {
    shop = InMemoryRegistry.start().requireBasic("bob", "secret");
    evil = InMemoryRegistry.start();
    mirror = InMemoryRegistry.start();
    bob =
        Keychain.ofDockerConfigs(
            List.of(
                "{\"auths\":{\"%s\":{\"username\":\"bob\",\"password\":\"secret\"}}}"
                    .formatted(shop.address())));
    client = new RegistryClient(config());
    reopen();
  }

  @AfterEach
  void stop() {
    client.close();
    shop.close();
    evil.close();
    mirror.close();
  }

  @Test
  void aRegistryThatOnlyNamesTheDigestOpensNothing() {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    evil.faults().status("GET /v2/", 404, ALWAYS);

    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));
    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.Always));
    assertThatThrownBy(() -> get(image, ImagePullPolicy.Never))
        .isInstanceOf(ModuleStoreException.class);

    reopen();
    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));
  }

  @Test
  void whoHasTheManifestAloneIsRefused() {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    evil.faults().status("/blobs/", 404, ALWAYS);

    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));
  }

  @Test
  void whoGivesOtherBytesIsRefused() {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    evil.faults().wrongBytes("/blobs/", 1);

    refused(Kind.DIGEST_MISMATCH, () -> get(image, ImagePullPolicy.IfNotPresent));

    evil.faults().truncated("/blobs/", 5999);
    refused(Kind.DIGEST_MISMATCH, () -> get(image, ImagePullPolicy.IfNotPresent));
  }

  @Test
  void whoHasOnlySomeLayersIsRefused() {
    ImageReference image = shopHasPulled(TWO_LAYERS);
    evil.faults().status("/blobs/" + Digest.of(BASE), 404, ALWAYS);

    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));
  }

  @Test
  void whatAnothersBrokenFetchLeftIsNoProof() {
    ImageReference image = pushed(TWO_LAYERS);
    shop.faults().cut("/blobs/" + Digest.of(TOP), 20, 1);
    refused(Kind.UNAVAILABLE, () -> shopPulls(image));
    evil.faults().status("/blobs/" + Digest.of(BASE), 404, ALWAYS);

    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));

    assertThat(store.usedBytes()).isLessThan(BASE.length);
    shopPulls(image);
  }

  @Test
  void aRealCopyIsReadOnceAndKeptNowhere() throws Exception {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));

    get(image, ImagePullPolicy.IfNotPresent);

    assertThat(evil.count("GET", "/blobs/")).isEqualTo(1);
    assertThat(store.usedBytes()).isEqualTo(MODULE.length);
    assertThat(largeFiles()).hasSize(1);
    evil.forgetRequests();
    get(image, ImagePullPolicy.IfNotPresent);
    get(image, ImagePullPolicy.Never);
    reopen();
    get(image, ImagePullPolicy.IfNotPresent);
    assertThat(evil.requests()).isEmpty();
  }

  @Test
  void aCopyWhoseConnectionBreaksOffIsReadOn() {
    client.close();
    client =
        new RegistryClient(
            config().withTimeouts(RegistryTimeouts.DEFAULT.withRetryFor(Duration.ofSeconds(20))));
    reopen();
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    evil.faults().cut("/blobs/", 4000, 1);

    get(image, ImagePullPolicy.IfNotPresent);

    assertThat(evil.requests().getLast().range()).isEqualTo("bytes=4000-");
  }

  @Test
  void onceItsBytesWereSeenOtherCredentialsCostARequestWithoutBody() {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    get(image, ImagePullPolicy.IfNotPresent);
    evil.forgetRequests();
    Keychain eve =
        Keychain.ofDockerConfigs(
            List.of(
                "{\"auths\":{\"%s\":{\"username\":\"eve\",\"password\":\"x\"}}}"
                    .formatted(evil.address())));

    store.get(image, ImagePullPolicy.Always, eve).close();

    assertThat(evil.requests()).singleElement().asString().startsWith("HEAD ");
  }

  @Test
  void aRightThatWasGrantedOnANameAloneDoesNotOutliveTheUpgrade() {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    var disk = new CacheFolder(folder);
    disk.grant(digestOf(image), Set.of(new PullRights(disk.key()).of(image, List.of())));
    evil.faults().status("GET /v2/", 404, ALWAYS);
    reopen();

    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));
    assertThatThrownBy(() -> get(image, ImagePullPolicy.Never))
        .isInstanceOf(ModuleStoreException.class);
  }

  @Test
  void manyCallersReadACopyOnce() throws Exception {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    evil.faults().slow("/blobs/", 100, Duration.ofMillis(200), 1);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var callers = new ArrayList<Future<?>>();
      for (int i = 0; i < 30; i++) {
        callers.add(threads.submit(() -> get(image, ImagePullPolicy.IfNotPresent)));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }

    assertThat(evil.count("GET", "/blobs/")).isEqualTo(1);
  }

  @Test
  void whileACopyIsReadTheOwnersGoOn() throws Exception {
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    evil.faults().slow("/blobs/", 100, Duration.ofMinutes(1), 1);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> mallory = threads.submit(() -> get(image, ImagePullPolicy.IfNotPresent));
      await().until(() -> evil.count("GET", "/blobs/") == 1);

      shopPulls(image);

      assertThat(mallory.isDone()).isFalse();
      mallory.cancel(true);
    }
  }

  @Test
  void aMirrorThatOnlyNamesTheDigestLeavesTheWordToTheRegistry() {
    mirrorEvil();
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    mirror.push("x/copy:v1", Artifacts.cncf(MODULE));
    mirror.faults().status("GET /v2/", 404, ALWAYS);
    evil.faults().status("/blobs/", 404, 1);

    refused(Kind.NOT_FOUND, () -> get(image, ImagePullPolicy.IfNotPresent));

    get(image, ImagePullPolicy.IfNotPresent);
    assertThat(evil.count("GET", "/blobs/")).isEqualTo(2);
  }

  @Test
  void aMirrorThatHoldsTheCopyShowsItForTheRegistry() {
    mirrorEvil();
    ImageReference image = shopHasPulled(Artifacts.cncf(MODULE));
    mirror.push("x/copy:v1", Artifacts.cncf(MODULE));

    get(image, ImagePullPolicy.IfNotPresent);

    assertThat(mirror.count("GET", "/blobs/")).isEqualTo(1);
    assertThat(evil.requests()).isEmpty();
  }

  private void mirrorEvil() {
    client.close();
    client =
        new RegistryClient(
            config().withPlainHttp(mirror.address()).withMirror(evil.address(), mirror.address()));
    reopen();
  }

  private RegistryConfig config() {
    return RegistryConfig.defaults()
        .withPlainHttp(shop.address())
        .withPlainHttp(evil.address())
        .withTimeouts(RegistryTimeouts.DEFAULT.withRetryFor(Duration.ZERO));
  }

  private void reopen() {
    store = ModuleStore.open(folder, LIMIT, client, InstantSource.system());
  }

  /** Mallory's name for an artifact that both registries hold until a fault is planned. */
  private ImageReference pushed(Artifact artifact) {
    shop.push("shop/cart:v1", artifact);
    return evil.reference("x/copy@" + evil.push("x/copy:v1", artifact));
  }

  private ImageReference shopHasPulled(Artifact artifact) {
    ImageReference image = pushed(artifact);
    shopPulls(image);
    return image;
  }

  private void shopPulls(ImageReference copy) {
    store
        .get(shop.reference("shop/cart@" + copy.digest()), ImagePullPolicy.IfNotPresent, bob)
        .close();
  }

  private void get(ImageReference image, ImagePullPolicy policy) {
    store.get(image, policy, Keychain.EMPTY).close();
  }

  private List<Path> largeFiles() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> Files.isRegularFile(f) && f.toFile().length() >= 1000).toList();
    }
  }

  private static void refused(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }

  private static Digest digestOf(ImageReference image) {
    return Objects.requireNonNull(image.digest());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    byte[] magic = {0, 'a', 's', 'm', 1, 0, 0, 0};
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    return bytes;
  }
}
