package dev.dunlin.agent.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.agent.testing.FakeEngine;
import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledModulesTest {
  private static final ImageReference IMAGE = image("one");

  @TempDir Path disk;
  private final FakeEngine engine = new FakeEngine();
  private final AtomicInteger open = new AtomicInteger();
  private CompiledModules modules =
      new CompiledModules((image, policy, keychain) -> bytes(image), engine, 2, 2);

  @BeforeEach
  void write() throws IOException {
    Files.writeString(disk.resolve("one"), "one");
    Files.writeString(disk.resolve("bad"), "refuse");
  }

  @AfterEach
  void close() {
    modules.close();
  }

  @Test
  void manyWhoStartAtOnceShareOneCompilation() throws Exception {
    var tasks = new ArrayList<Callable<CompiledModules.Lease>>();
    for (int i = 0; i < 20; i++) {
      tasks.add(() -> acquire(IMAGE));
    }

    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var lease : executor.invokeAll(tasks)) {
        assertThat(lease.get().module()).isSameAs(engine.modules.getFirst());
      }
    }

    assertThat(engine.modules).hasSize(1);
    assertThat(open).hasValue(0);
  }

  @Test
  void aModuleIsFreedWithItsLastUser() throws InterruptedException {
    CompiledModules.Lease first = acquire(IMAGE);
    CompiledModules.Lease second = acquire(IMAGE);

    first.close();
    first.close();
    assertThat(engine.modules.getFirst().closed).isFalse();
    second.close();

    assertThat(engine.modules.getFirst().closed).isTrue();
    assertThat(modules.size()).isZero();
  }

  @Test
  void aModuleThatIsRefusedIsForgotten() {
    assertThatThrownBy(() -> acquire(image("bad"))).isInstanceOf(ModuleRefusedException.class);
    assertThatThrownBy(() -> acquire(image("bad"))).isInstanceOf(ModuleRefusedException.class);

    assertThat(modules.size()).isZero();
    assertThat(open).hasValue(0);
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsNotCompiledToItsEnd() throws Exception {
    Files.writeString(disk.resolve("slow"), "slow");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = executor.submit(() -> acquire(image("slow")));
      var second = executor.submit(() -> acquire(image("slow")));
      await().until(() -> open.get() == 2 && !engine.compilations().isEmpty());
      assertThat(modules.compilation(Digest.of("slow".getBytes(StandardCharsets.UTF_8))))
          .isPresent();

      first.cancel(true);
      await().until(() -> open.get() == 1);
      assertThat(engine.compilations()).hasSize(1);
      second.cancel(true);

      await().until(() -> open.get() == 0);
      await().until(() -> engine.compilations().isEmpty());
    }
    assertThat(modules.size()).isZero();
  }

  private CompiledModules.Lease acquire(ImageReference image) throws InterruptedException {
    return modules.acquire(image, ImagePullPolicy.IfNotPresent, Keychain.EMPTY, content -> {});
  }

  private static ImageReference image(String name) {
    Digest digest = Digest.of(name.getBytes(StandardCharsets.UTF_8));
    return ImageReference.parse("registry.test/" + name + "@" + digest);
  }

  private ModuleSource.Bytes bytes(ImageReference image) {
    open.incrementAndGet();
    return new ModuleSource.Bytes() {
      @Override
      public Path path() {
        return disk.resolve(image.repository());
      }

      @Override
      public Digest content() {
        return Digest.of(image.repository().getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }
}
