package dev.dunlin.engine.wasmtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpHeader;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.contract.EngineContract;
import dev.dunlin.engine.contract.ModuleBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code that is made in two steps, forgotten, and found again. */
@Timeout(120)
class TiersTest extends EngineContract {
  private static final WasmtimeOptions TWO_STEPS = WasmtimeOptions.defaults().withStraightBytes(0);
  private static final WasmtimeOptions FORGETFUL =
      WasmtimeOptions.defaults().withIdleAfter(Duration.ofMillis(50));

  @Override
  protected Engine open(Path cacheDir) {
    return NativeOrSkip.open(cacheDir);
  }

  private static byte[] component(String name) throws IOException {
    return Files.readAllBytes(Path.of("guests", name, "guest.wasm"));
  }

  private List<String> codeFiles() throws IOException {
    try (var files = Files.list(temp.resolve("code"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aModuleRunsOnQuickCodeUntilTheBetterIsThere() throws Exception {
    try (var own = NativeOrSkip.open(temp, TWO_STEPS);
        var module = own.load(guest("tool"))) {
      assertThat(module.run(command("exit", "3"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(3));

      await().until(module::optimized);

      assertThat(module.run(command("exit", "4"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(4));
      assertThat(own.compilations()).isEmpty();
      await().until(() -> codeFiles().size() == 2); // the better code, and what it is the code of
    }
  }

  @Test
  void aComponentChangesOverBetweenTwoRequests() throws Exception {
    try (var own = NativeOrSkip.open(temp, TWO_STEPS);
        var module = own.load(component("rust-http-p2"));
        var guest = module.http(Grants.none(), Limits.defaults(), quiet())) {
      assertThat(ask(guest)).isEqualTo("hello from rust-http-p2\n");

      await().until(module::optimized);

      assertThat(ask(guest)).isEqualTo("hello from rust-http-p2\n");
      assertThat(guest.usage().cpu()).isPositive();
    }
  }

  @Test
  void whatWasOptimizedOnceIsNotCompiledAgain() throws Exception {
    try (var first = NativeOrSkip.open(temp, TWO_STEPS);
        var module = first.load(guest("tool"))) {
      await().until(module::optimized);
    }
    await().until(() -> codeFiles().size() == 2);

    try (var second = NativeOrSkip.open(temp, TWO_STEPS);
        var module = second.load(guest("tool"))) {
      assertThat(module.optimized()).isTrue();
      assertThat(second.compilations()).isEmpty();
    }
  }

  @Test
  void aModuleIsNotReadWhenItsCodeIsThere() throws Exception {
    var file = Files.write(temp.resolve("tool.wasm"), guest("tool"));
    var digest = "sha256:" + Workshop.digest(guest("tool"));
    try (var first = NativeOrSkip.open(temp)) {
      first.load(file, digest).close();
    }
    Files.delete(file);

    try (var second = NativeOrSkip.open(temp);
        var module = second.load(file, digest)) {
      assertThat(module.run(command("exit", "3"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(3));
    }
  }

  @Test
  void whatWasCompiledOnceIsRecalledWithoutItsBytesAndNothingElseIs() throws Exception {
    var digest = "sha256:" + Workshop.digest(component("rust-http-p2"));
    try (var first = NativeOrSkip.open(temp)) {
      assertThat(first.recall(digest)).isEmpty();
      first.load(component("rust-http-p2")).close();
      assertThat(((WasmtimeEngine) first).modulesMapped()).isZero();

      try (var module = first.recall(digest).orElseThrow();
          var guest = module.http(Grants.none(), Limits.defaults(), quiet())) {
        assertThat(ask(guest)).isEqualTo("hello from rust-http-p2\n");
        assertThat(first.compilations()).isEmpty();
      }
    }
    for (String name : codeFiles()) {
      if (name.endsWith(".code")) {
        Files.writeString(temp.resolve("code").resolve(name), "no code");
      }
    }

    try (var second = NativeOrSkip.open(temp)) {
      assertThat(second.recall(digest)).isEmpty();
      assertThat(second.recall("sha256:" + "0".repeat(64))).isEmpty();
      assertThatThrownBy(() -> second.recall("sha256:../../x"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aModuleOfAnotherDigestIsNotTaken() throws Exception {
    var file = Files.write(temp.resolve("loop.wasm"), guest("loop"));

    assertThatThrownBy(() -> engine.load(file, "sha256:" + "0".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found another");
    assertThatThrownBy(() -> engine.load(file, "sha256:../../x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aForgottenModuleRunsAgain() throws Exception {
    try (var own = NativeOrSkip.open(temp, FORGETFUL);
        var module = own.load(guest("tool"));
        var component = own.load(component("rust-http-p2"));
        var guest = component.http(Grants.none(), Limits.defaults(), quiet())) {
      assertThat(ask(guest)).startsWith("hello");
      var cpu = guest.usage().cpu();
      await().until(() -> ((WasmtimeEngine) own).modulesMapped() == 0);

      assertThat(guest.usage().cpu()).isEqualTo(cpu);
      assertThat(module.run(command("exit", "3"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(3));
      assertThat(ask(guest)).startsWith("hello");
      assertThat(guest.usage().cpu()).isGreaterThan(cpu);
    }
  }

  @Test
  void codeIsNotForgottenUnderARun() throws Exception {
    try (var own = NativeOrSkip.open(temp, FORGETFUL);
        var module = own.load(guest("tool"));
        var run = module.start(command("sleep", "400"), Limits.defaults(), Stdio.none())) {
      assertThat(run.outcome()).isEqualTo(new Exited(0));
    }
  }

  @Test
  void aModuleThatIsLoadedTwiceStaysForTheSecond() throws Exception {
    try (var second = engine.load(guest("tool"))) {
      engine.load(guest("tool")).close();

      assertThat(second.run(command("exit", "3"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(3));
    }
  }

  @Test
  void anInterruptGivesUpACompilation() throws Exception {
    var slow =
        ModuleBytes.command(
            Collections.nCopies(20_000, ModuleBytes.hex("00" + "41011a".repeat(50))));
    var load = new FutureTask<>(() -> engine.load(slow));
    var thread = Thread.ofPlatform().start(load);
    await().until(() -> !engine.compilations().isEmpty());
    thread.interrupt();

    assertThatThrownBy(load::get).hasCauseInstanceOf(CancellationException.class);
    await().until(() -> engine.compilations().isEmpty());
  }

  @Test
  void closingTheEngineEndsCompilations() throws Exception {
    var slow =
        ModuleBytes.command(
            Collections.nCopies(20_000, ModuleBytes.hex("00" + "41021a".repeat(50))));
    var own = NativeOrSkip.open(temp);
    var load = new FutureTask<>(() -> own.load(slow));
    Thread.ofPlatform().start(load);
    await().until(() -> !own.compilations().isEmpty());
    own.close();

    assertThatThrownBy(load::get).hasCauseInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> own.load(slow)).isInstanceOf(IllegalStateException.class);
  }

  private static HttpSettings quiet() {
    return new HttpSettings(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }

  private static String ask(dev.dunlin.engine.HttpGuest guest) throws InterruptedException {
    var body = new ByteArrayOutputStream();
    Outcome outcome =
        guest.answer(
            new HttpRequest(
                "GET",
                "http",
                "app.test",
                "/hello",
                "",
                List.of(new HttpHeader("accept", "*/*")),
                InputStream.nullInputStream(),
                "192.0.2.7"),
            (status, headers) -> body);
    assertThat(outcome).isEqualTo(new Exited(0));
    return body.toString(java.nio.charset.StandardCharsets.UTF_8);
  }
}
