package dev.dunlin.agent.module;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching, using and evicting at once, in a cache that holds a third of what is asked for. */
class ModuleStoreRaceTest {
  private static final int MODULES = 12;
  private static final int THREADS = 8;
  private static final int ROUNDS = 40;
  private static final long LIMIT = 20_000;

  @TempDir Path folder;

  @Test
  void whatIsHeldIsWholeAndTheLimitHolds() throws Exception {
    try (InMemoryRegistry registry = InMemoryRegistry.start();
        RegistryClient client =
            new RegistryClient(RegistryConfig.defaults().withPlainHttp(registry.address()))) {
      var images = new ArrayList<ImageReference>();
      for (int i = 0; i < MODULES; i++) {
        Digest digest = registry.pushModule("app/m" + i + ":v1", module(i));
        images.add(registry.reference("app/m" + i + "@" + digest));
      }
      ModuleStore store = ModuleStore.open(folder, LIMIT, client, InstantSource.system());

      AtomicInteger held = new AtomicInteger();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var users = new ArrayList<Future<?>>();
        for (int t = 0; t < THREADS; t++) {
          int seed = t;
          users.add(threads.submit(() -> use(store, images, new Random(seed), held)));
        }
        for (Future<?> user : users) {
          user.get();
        }
      }

      assertThat(held.get()).isGreaterThan(THREADS);
      assertThat(store.usedBytes()).isLessThanOrEqualTo(LIMIT);
      assertThat(modulesOnDisk())
          .containsExactlyInAnyOrderElementsOf(
              store.cachedDigests().stream().map(d -> d.toString().replace(':', '-')).toList());
    }
  }

  private static @Nullable Void use(
      ModuleStore store, List<ImageReference> images, Random random, AtomicInteger held)
      throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      int i = random.nextInt(MODULES);
      try (ModuleHandle handle =
          store.get(images.get(i), ImagePullPolicy.IfNotPresent, Keychain.EMPTY)) {
        assertThat(store.usedBytes()).isLessThanOrEqualTo(LIMIT);
        assertThat(Files.readAllBytes(handle.path())).isEqualTo(module(i));
        held.incrementAndGet();
      } catch (ModuleStoreException e) {
        // All of the cache may be in others' hands for a moment; it must be for that alone.
        assertThat(e).hasMessageContaining("in use by instances and fetches");
      }
    }
    return null;
  }

  private List<String> modulesOnDisk() throws Exception {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()).toList();
    }
  }

  private static byte[] module(int seed) {
    byte[] bytes = new byte[3000 + 400 * seed];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
