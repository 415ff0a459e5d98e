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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
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
  private volatile boolean registryIsGone;
  private volatile boolean onDisk;
  private final CompiledModules modules = new CompiledModules(new Source(), engine, 2, 2, 2);

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

  @Test
  void whatIsLetGoOfIsFreedAndGotBackFromItsCodeAlone() throws InterruptedException {
    engine.remembers = true;
    CompiledModules.Lease lease = acquire(IMAGE);

    lease.letGo();
    lease.letGo();
    assertThat(engine.modules.getFirst().closed).isTrue();
    assertThat(lease.inMemory()).isEmpty();
    assertThat(modules.size()).isZero();
    registryIsGone = true;

    assertThat(lease.module()).isSameAs(engine.recalled.getFirst());
    assertThat(lease.module()).isSameAs(lease.inMemory().orElseThrow());
    assertThat(engine.modules).hasSize(1);
    lease.close();
    assertThat(engine.recalled.getFirst().closed).isTrue();
    assertThatThrownBy(lease::module).isInstanceOf(CancellationException.class);
  }

  @Test
  void aHerdGetsItBackOnce() throws Exception {
    engine.remembers = true;
    engine.mayRecall = new CountDownLatch(1);
    var leases = new ArrayList<CompiledModules.Lease>();
    for (int i = 0; i < 20; i++) {
      leases.add(acquire(IMAGE));
    }
    leases.forEach(CompiledModules.Lease::letGo);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var back = leases.stream().map(lease -> executor.submit(lease::module)).toList();
      engine.mayRecall.countDown();

      for (var module : back) {
        assertThat(module.get()).isSameAs(engine.recalled.getFirst());
      }
    }

    assertThat(engine.recalled).hasSize(1);
    leases.forEach(CompiledModules.Lease::close);
    assertThat(engine.recalled.getFirst().closed).isTrue();
  }

  @Test
  void whoIsClosedWhileHeWaitsForItHoldsNothing() throws Exception {
    engine.remembers = true;
    CompiledModules.Lease lease = acquire(IMAGE);
    CompiledModules.Lease other = acquire(IMAGE);
    lease.letGo();
    other.letGo();
    engine.mayRecall = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waits = executor.submit(lease::module);
      var waitsToo = executor.submit(other::module);
      await().until(() -> modules.uses(IMAGE) == 2);

      lease.close();
      engine.mayRecall.countDown();

      assertThatThrownBy(waits::get).hasCauseInstanceOf(CancellationException.class);
      assertThat(waitsToo.get()).isSameAs(engine.recalled.getFirst());
    }
    assertThat(engine.recalled.getFirst().closed).isFalse();
    other.close();
    assertThat(engine.recalled.getFirst().closed).isTrue();
  }

  @Test
  void whatTheEngineHasForgottenIsMadeOfTheBytesOnTheDiskOrElseOfTheRegistrys()
      throws InterruptedException {
    CompiledModules.Lease lease = acquire(IMAGE);
    lease.letGo();
    registryIsGone = true;
    onDisk = true;
    assertThat(lease.module()).isSameAs(engine.modules.get(1));

    lease.letGo();
    onDisk = false;
    assertThatThrownBy(lease::module)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the registry is gone");
    assertThat(lease.inMemory()).isEmpty();
    assertThat(modules.size()).isZero();

    registryIsGone = false;
    assertThat(lease.module()).isSameAs(engine.modules.get(2));
    assertThat(open).hasValue(0);
    lease.close();
  }

  private final class Source implements ModuleSource {
    @Override
    public Bytes get(ImageReference image, ImagePullPolicy policy, Keychain keychain) {
      if (registryIsGone) {
        throw new IllegalStateException("the registry is gone");
      }
      return bytes(image);
    }

    @Override
    public Optional<Bytes> kept(ImageReference image) {
      return onDisk ? Optional.of(bytes(image)) : Optional.empty();
    }
  }

  private CompiledModules.Lease acquire(ImageReference image) throws InterruptedException {
    return modules.acquire(
        image, ImagePullPolicy.IfNotPresent, () -> Keychain.EMPTY, content -> {});
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
