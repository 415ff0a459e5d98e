package dev.dunlin.agent.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.RegistryException;
import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.RegistryTimeouts;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleStoreTest {
  private static final long LIMIT = 10_000;

  @TempDir Path folder;
  private final AtomicLong seconds = new AtomicLong(1_000_000);
  private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.incrementAndGet());
  private InMemoryRegistry registry;
  private RegistryClient client;
  private ModuleStore store;

  @BeforeEach
  void start() {
    registry = InMemoryRegistry.start();
    client =
        new RegistryClient(
            RegistryConfig.defaults()
                .withPlainHttp(registry.address())
                .withTimeouts(RegistryTimeouts.DEFAULT.withRetryFor(Duration.ZERO)));
    reopen();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void aModuleIsFetchedOnceAndThenComesFromDisk() {
    ImageReference image = push("a", module(1, 3000));

    try (ModuleHandle first = get(image);
        ModuleHandle second = get(image)) {
      assertThat(first.path()).hasBinaryContent(module(1, 3000));
      assertThat(second.path()).isEqualTo(first.path());
      assertThat(first.manifest()).isEqualTo(image.digest());
      assertThat(first.sizeBytes()).isEqualTo(3000);
    }

    assertThat(registry.count("GET", "/blobs/")).isEqualTo(1);
  }

  @Test
  void manyCallersOfOneModuleCauseOneDownload() throws Exception {
    ImageReference image = push("a", module(1, 3000));
    registry.faults().slow("/blobs/", 100, Duration.ofMillis(200), 1);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var handles = new ArrayList<Future<ModuleHandle>>();
      for (int i = 0; i < 50; i++) {
        handles.add(threads.submit(() -> get(image)));
      }
      for (Future<ModuleHandle> handle : handles) {
        assertThat(handle.get().path()).hasBinaryContent(module(1, 3000));
        handle.get().close();
      }
    }

    assertThat(registry.count("GET", "/blobs/")).isEqualTo(1);
    assertThat(registry.count("GET", "/manifests/")).isEqualTo(1);
  }

  @Test
  void whoWaitedForAFailedDownloadTriesForItself() throws Exception {
    ImageReference image = push("a", module(1, 3000));
    registry.faults().slow("/manifests/", 0, Duration.ofMillis(200), 1);
    registry.faults().status("/blobs/", 500, 1);

    int failed = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var handles = new ArrayList<Future<ModuleHandle>>();
      for (int i = 0; i < 5; i++) {
        handles.add(threads.submit(() -> get(image)));
      }
      for (Future<ModuleHandle> handle : handles) {
        try {
          handle.get().close();
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(RegistryException.class);
          failed++;
        }
      }
    }

    assertThat(failed).isEqualTo(1);
  }

  @Test
  void theLeastRecentlyUsedGoesWhenRoomIsNeeded() {
    ImageReference a = pulled("a", module(1, 4000));
    ImageReference b = pulled("b", module(2, 4000));
    get(a).close();

    ImageReference c = pulled("c", module(3, 4000));

    assertThat(store.cachedDigests()).containsExactly(c.digest(), a.digest());
    assertThat(folderOf(b)).doesNotExist();
    assertThat(store.usedBytes()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void whatWasPulledIsGivenAgainWithoutARegistryAsLongAsItIsThereAndWhole() throws Exception {
    ImageReference image = pulled("a", module(1, 3000));
    registry.close();
    client.close();

    try (ModuleHandle kept = store.kept(image).orElseThrow()) {
      assertThat(kept.path()).hasBinaryContent(module(1, 3000));
      assertThat(kept.content()).isEqualTo(Digest.of(module(1, 3000)));
      Files.write(kept.path(), module(2, 3000));
    }

    assertThat(store.kept(image)).isEmpty();
    assertThat(folderOf(image)).doesNotExist();
    assertThat(store.kept(image)).isEmpty();
  }

  @Test
  void whatIsPinnedStays() {
    ImageReference a = push("a", module(1, 4000));
    ImageReference b = push("b", module(2, 4000));
    ImageReference c = push("c", module(3, 4000));

    try (ModuleHandle first = get(a)) {
      get(b).close();
      get(c).close();

      assertThat(first.path()).hasBinaryContent(module(1, 4000));
      assertThat(store.cachedDigests()).containsExactly(c.digest(), a.digest());
    }
  }

  @Test
  void aCacheFullOfWhatIsInUseSaysSoAndTakesTheModuleLater() {
    ImageReference a = push("a", module(1, 6000));
    ImageReference b = push("b", module(2, 6000));

    try (ModuleHandle inUse = get(a)) {
      assertThatThrownBy(() -> get(b))
          .isInstanceOfSatisfying(
              ModuleStoreException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reasons.MODULE_CACHE_FULL);
                assertThat(e.isTransient()).isTrue();
              })
          .hasMessageContaining("expected room for 6000 bytes, found 6000 of 10000 in use");
      assertThat(inUse.path()).exists();
    }

    get(b).close();
    assertThat(store.cachedDigests()).containsExactly(b.digest());
  }

  @Test
  void aModuleLargerThanTheCacheIsRefusedBeforeItsFirstByte() {
    ImageReference image = push("a", module(1, 20_000));

    assertThatThrownBy(() -> get(image))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE));

    assertThat(registry.count("GET", "/blobs/")).isZero();
    assertThat(folderOf(image)).doesNotExist();
  }

  @Test
  void aFullDiskIsATransientFaultAndDropsWhatNobodyUses() throws Exception {
    ImageReference unused = pulled("a", module(1, 1000));
    ImageReference image = push("b", module(2, 3000));
    Digest layer = Digest.of(module(2, 3000));
    registry.faults().cut("/blobs/", 1200, 1);
    assertThatThrownBy(() -> get(image)).isInstanceOf(RegistryException.class);
    Path part = folderOf(image).resolve("module.wasm." + layer.hex().substring(0, 16) + ".part");
    Files.delete(part);
    // What is written here goes to a device that is always full.
    Files.createSymbolicLink(part, Path.of("/dev/full"));

    assertThatThrownBy(() -> get(image))
        .isInstanceOfSatisfying(
            ModuleStoreException.class, e -> assertThat(e.isTransient()).isTrue())
        .hasMessageContaining("No space left on device");

    assertThat(folderOf(unused)).doesNotExist();
    assertThat(store.cachedDigests()).isEmpty();
  }

  @Test
  void aRestartKeepsModulesAndTheirOrder() {
    ImageReference a = pulled("a", module(1, 2000));
    ImageReference b = pulled("b", module(2, 2000));
    ImageReference c = pulled("c", module(3, 2000));
    get(a).close();
    registry.forgetRequests();

    reopen();

    assertThat(store.cachedDigests()).containsExactly(a.digest(), c.digest(), b.digest());
    try (ModuleHandle handle = get(b)) {
      assertThat(handle.path()).hasBinaryContent(module(2, 2000));
    }
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void aRestartWithLessRoomDropsTheOldest() {
    ImageReference a = pulled("a", module(1, 4000));
    ImageReference b = pulled("b", module(2, 4000));

    store = ModuleStore.open(folder, 5000, client, clock);

    assertThat(store.cachedDigests()).containsExactly(b.digest());
    assertThat(folderOf(a)).doesNotExist();
  }

  @Test
  void aFileDamagedWhileTheAgentWasAwayIsFetchedAgain() throws Exception {
    ImageReference image = pulled("a", module(1, 2000));
    Path file = folderOf(image).resolve("module.wasm");
    byte[] damaged = module(1, 2000);
    damaged[1000] ^= 1;
    Files.write(file, damaged);
    reopen();
    registry.forgetRequests();

    try (ModuleHandle handle = get(image)) {
      assertThat(handle.path()).hasBinaryContent(module(1, 2000));
    }

    assertThat(registry.count("GET", "/blobs/")).isEqualTo(1);
  }

  @Test
  void aFileTruncatedWhileTheAgentWasAwayIsFetchedAgain() throws Exception {
    ImageReference image = pulled("a", module(1, 2000));
    Files.write(folderOf(image).resolve("module.wasm"), new byte[5]);

    reopen();

    try (ModuleHandle handle = get(image)) {
      assertThat(handle.path()).hasBinaryContent(module(1, 2000));
    }
  }

  @Test
  void anUnreadableEntryIsARemnantThatIsReplaced() throws Exception {
    ImageReference image = pulled("a", module(1, 2000));
    Files.writeString(folderOf(image).resolve("entry.json"), "{\"content\":\"sha2");

    reopen();

    assertThat(store.cachedDigests()).isEmpty();
    try (ModuleHandle handle = get(image)) {
      assertThat(handle.path()).hasBinaryContent(module(1, 2000));
    }
  }

  @Test
  void aDownloadThatBrokeOffGoesOnAfterARestart() {
    ImageReference image = push("a", module(1, 3000));
    registry.faults().cut("/blobs/", 1200, 1);
    assertThatThrownBy(() -> get(image)).isInstanceOf(RegistryException.class);
    reopen();
    registry.forgetRequests();

    try (ModuleHandle handle = get(image)) {
      assertThat(handle.path()).hasBinaryContent(module(1, 3000));
    }

    assertThat(registry.requests().stream().map(InMemoryRegistry.Request::range))
        .containsExactly(null, "bytes=1200-");
  }

  @Test
  void whatBrokeOffGoesFirstWhenRoomIsNeeded() {
    ImageReference broken = push("a", module(1, 3000));
    registry.faults().cut("/blobs/", 2500, 1);
    assertThatThrownBy(() -> get(broken)).isInstanceOf(RegistryException.class);
    ImageReference kept = pulled("b", module(2, 4000));

    ImageReference last = pulled("c", module(3, 5000));

    assertThat(folderOf(broken)).doesNotExist();
    assertThat(store.cachedDigests()).containsExactly(last.digest(), kept.digest());
  }

  @Test
  void aCompatImageIsCheckedByItsModulesOwnDigestAfterARestart() {
    Digest digest = registry.push("app/a:v1", Artifacts.compat(module(1, 2000)));
    ImageReference image = registry.reference("app/a@" + digest);
    get(image).close();
    reopen();
    registry.forgetRequests();

    try (ModuleHandle handle = get(image)) {
      assertThat(handle.path()).hasBinaryContent(module(1, 2000));
    }

    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void neverTakesWhatIsThereAndAsksNobodyForWhatIsNot() {
    ImageReference there = pulled("a", module(1, 2000));
    ImageReference absent = push("b", module(2, 2000));
    registry.forgetRequests();

    store.get(there, ImagePullPolicy.Never, Keychain.EMPTY).close();
    assertThatThrownBy(() -> store.get(absent, ImagePullPolicy.Never, Keychain.EMPTY))
        .isInstanceOfSatisfying(
            ModuleStoreException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reasons.IMAGE_NEVER_PULLED);
              assertThat(e.isTransient()).isFalse();
            });

    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void alwaysAsksTheRegistryEachTimeAndDownloadsOnce() {
    ImageReference image = push("a", module(1, 2000));

    store.get(image, ImagePullPolicy.Always, Keychain.EMPTY).close();
    store.get(image, ImagePullPolicy.Always, Keychain.EMPTY).close();
    store.get(image, ImagePullPolicy.Always, Keychain.EMPTY).close();

    assertThat(registry.count("HEAD", "/manifests/")).isEqualTo(2);
    assertThat(registry.count("GET", "/blobs/")).isEqualTo(1);
  }

  @Test
  void alwaysRefusesWhatTheRegistryNoLongerGives() {
    ImageReference image = pulled("a", module(1, 2000));
    registry.requireBasic("somebody", "else");

    assertThatThrownBy(() -> store.get(image, ImagePullPolicy.Always, Keychain.EMPTY))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
  }

  @Test
  void aPrivateModuleInTheCacheIsRefusedToAnAppWithoutCredentials() {
    registry.requireBasic("bob", "secret");
    ImageReference image = push("private", module(1, 2000));
    Keychain bob = keychain("bob", "secret");
    store.get(image, ImagePullPolicy.IfNotPresent, bob).close();

    assertThatThrownBy(() -> get(image))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
    assertThatThrownBy(
            () -> store.get(image, ImagePullPolicy.IfNotPresent, keychain("eve", "guess")))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
    assertThatThrownBy(() -> store.get(image, ImagePullPolicy.Never, Keychain.EMPTY))
        .isInstanceOf(ModuleStoreException.class);
    assertThat(registry.count("GET", "/blobs/")).isEqualTo(1);
  }

  @Test
  void whoOnceShowedItsRightNeedsTheRegistryNoMore() {
    registry.requireBasic("bob", "secret");
    ImageReference image = push("private", module(1, 2000));
    Keychain bob = keychain("bob", "secret");
    store.get(image, ImagePullPolicy.IfNotPresent, bob).close();
    registry.close();
    reopen();

    store.get(image, ImagePullPolicy.IfNotPresent, bob).close();
    store.get(image, ImagePullPolicy.Never, bob).close();

    assertThatThrownBy(() -> get(image))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
  }

  @Test
  void thePublicCopyOfAPrivateModuleOpensOnlyTheCopy() {
    byte[] module = module(1, 2000);
    registry.push("app/public:v1", Artifacts.cncf(module));
    ImageReference secret = push("private", module);
    ImageReference open = reference("public", secret.digest());
    get(open).close();
    registry.requireBasic("bob", "secret");

    assertThatThrownBy(() -> get(secret))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
    get(open).close();
  }

  @Test
  void theDiskHoldsNoPassword() throws Exception {
    registry.requireBasic("bob", "hunter2hunter2");
    ImageReference image = push("private", module(1, 2000));

    store.get(image, ImagePullPolicy.IfNotPresent, keychain("bob", "hunter2hunter2")).close();

    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file.toString()).doesNotContain("hunter2");
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain("hunter2");
      }
    }
  }

  @Test
  void anInterruptEndsAWaitForSomebodyElsesDownload() throws Exception {
    ImageReference image = push("a", module(1, 3000));
    registry.faults().slow("/blobs/", 100, Duration.ofMinutes(1), 1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> get(image));
      org.awaitility.Awaitility.await().until(() -> registry.count("GET", "/blobs/") == 1);
      var second = new java.util.concurrent.CompletableFuture<Throwable>();
      Thread waiter =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  get(image).close();
                } catch (Throwable e) {
                  second.complete(e);
                }
              });

      waiter.interrupt();

      assertThat(second.get()).isInstanceOf(CancellationException.class);
      first.cancel(true);
    }
  }

  private void reopen() {
    store = ModuleStore.open(folder, LIMIT, client, clock);
  }

  private ModuleHandle get(ImageReference image) {
    return store.get(image, ImagePullPolicy.IfNotPresent, Keychain.EMPTY);
  }

  private ImageReference push(String name, byte[] module) {
    return reference(name, registry.pushModule("app/" + name + ":v1", module));
  }

  private ImageReference reference(String name, @org.jspecify.annotations.Nullable Digest digest) {
    return registry.reference("app/" + name + "@" + digest);
  }

  private ImageReference pulled(String name, byte[] module) {
    ImageReference image = push(name, module);
    get(image).close();
    return image;
  }

  private Path folderOf(ImageReference image) {
    return folder.resolve(String.valueOf(image.digest()).replace(':', '-'));
  }

  private Keychain keychain(String username, String password) {
    return Keychain.ofDockerConfigs(
        List.of(
            "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
                .formatted(registry.address(), username, password)));
  }

  private static byte[] module(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    byte[] magic = {0, 'a', 's', 'm', 1, 0, 0, 0};
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    return bytes;
  }
}
