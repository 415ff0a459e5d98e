package dev.dunlin.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.Outcome.Exited;
import dev.dunlin.engine.Stdio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which bytes are refused, and what the user is told. */
public abstract class LoadContract extends EngineContract {
  /** (local i32) and a hundred additions to it. */
  private static final byte[] A_LONG_BODY = hex("01017f" + "200041016a2100".repeat(100));

  private ModuleRefusedException refusalOf(byte[] wasm) {
    return catchThrowableOfType(ModuleRefusedException.class, () -> engine.load(wasm));
  }

  private void assertRefused(byte[] wasm, Reason reason, String... words) {
    var refusal = refusalOf(wasm);
    assertThat(refusal).as("refusal").isNotNull();
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    assertThat(refusal).hasMessageContainingAll(words);
  }

  @Test
  void whatIsNotWasmIsRefused() {
    assertRefused(new byte[0], Reason.NOT_WASM, "no bytes");
    assertRefused(ascii("<!DOCTYPE html><html>"), Reason.NOT_WASM, "HTML");
    assertRefused(ascii("(module (func))"), Reason.NOT_WASM, "wat2wasm");
    assertRefused(hex("7f454c4602010100"), Reason.NOT_WASM, "7f 45 4c 46", "Linux program");
    assertRefused(hex("0061736d02000000"), Reason.NOT_WASM, "version 1", "02 00 00 00");
  }

  @Test
  void brokenBytesAreMalformed() {
    var tool = guest("tool");

    assertRefused(Arrays.copyOf(tool, tool.length / 2), Reason.MALFORMED, "decoded");
    assertRefused(hex("0061736d01000000ff00"), Reason.MALFORMED, "decoded");
  }

  @Test
  void aModuleWithAnOperandMissingIsInvalid() {
    // (func (export "_start") drop)
    assertRefused(
        hex(
            "0061736d01000000010401600000030201000"
                + "70a01065f7374617274"
                + "0000"
                + "0a0501030"
                + "01a0b"),
        Reason.INVALID,
        "validate");
  }

  /** Found by the FuzzContract: seed 6, case 3277. */
  @Test
  void codeAfterTheEndOfAFunctionIsRefused() {
    var refusal = refusalOf(ModuleBytes.command(List.of(hex("000b1a")))); // end, drop

    assertThat(refusal).as("refusal").isNotNull();
    assertThat(refusal.reason()).isIn(Reason.INVALID, Reason.MALFORMED);
  }

  @Test
  void theMessageTellsWhereAModuleIsWrong() {
    var second = ModuleBytes.command(List.of(hex("00"), hex("001a"), hex("00"))); // drop

    assertThat(refusalOf(second)).hasMessageContaining("offset");
    assertThat(refusalOf(hex("0061736d0100000001040160"))).hasMessageContaining("offset");
  }

  @Test
  void missingImportsAreNamed() {
    assertRefused(
        guest("imports-unknown"),
        Reason.MISSING_IMPORT,
        "env.emscripten_sleep",
        "wasi_snapshot_preview1.fd_frobnicate",
        "wasi_snapshot_preview1.fd_close",
        "memory env.memory");
  }

  @Test
  void whatCannotBeStartedIsRefused() {
    assertRefused(guest("library"), Reason.NO_ENTRY_POINT, "_start", "add", "library");
    assertRefused(guest("reactor"), Reason.NO_ENTRY_POINT, "_initialize", "reactor");
    assertRefused(guest("wrong-start"), Reason.NO_ENTRY_POINT, "without parameters");
    assertRefused(hex("0061736d01000000"), Reason.NO_ENTRY_POINT, "no exported function");
  }

  /** Refused or not, in bounded time and memory, and the next module loads. */
  @ParameterizedTest
  @EnumSource
  @Timeout(180)
  void aHostileModuleCostsTheEngineNothing(HostileModule hostile) {
    try {
      engine.load(hostile.bytes()).close();
    } catch (ModuleRefusedException e) {
      assertThat(e.reason())
          .isIn(Reason.TOO_LARGE, Reason.MALFORMED, Reason.INVALID, Reason.UNSUPPORTED_FEATURE);
    }

    engine.load(guest("grow-and-cope")).close();
  }

  @Test
  @Timeout(60)
  void anInterruptGivesUpALoadAndTheNextOneSucceeds() throws Exception {
    var wasm = ModuleBytes.command(Collections.nCopies(4_000, A_LONG_BODY));
    var thrown = new CompletableFuture<@Nullable Throwable>();
    var flag = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              thrown.complete(catchThrowable(() -> engine.load(wasm)));
              flag.complete(Thread.interrupted());
            });
    await().pollInterval(Duration.ofMillis(5)).until(() -> !engine.compilations().isEmpty());
    var compilation = engine.compilations().getFirst();
    thread.interrupt();

    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    assertThat(flag.get()).as("interrupt flag").isTrue();
    assertThat(compilation.digest()).isEqualTo(digest(wasm));
    assertThat(compilation.wasmBytes()).isEqualTo(wasm.length);
    await().untilAsserted(() -> assertThat(engine.compilations()).isEmpty());
    engine.load(guest("grow-and-cope")).close();
  }

  @Test
  void theSameBytesLoadAgainFromTheCache() throws Exception {
    try (var first = open(temp)) {
      first.load(guest("tool")).close();
    }

    try (var second = open(temp)) {
      assertThat(
              second.load(guest("tool")).run(command("exit", "5"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(5));
    }
  }

  @Test
  void aDamagedCacheIsMadeAnew() throws Exception {
    try (var own = open(temp)) {
      own.load(guest("tool")).close();
      try (var files = Files.walk(temp)) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          Files.write(file, new byte[] {1, 2, 3});
        }
      }

      assertThat(own.load(guest("tool")).run(command("exit", "5"), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(5));
    }
  }

  @Test
  void aModuleWithoutImportsRuns() throws Exception {
    try (var module = load("grow-and-cope")) {
      assertThat(module.run(Grants.none(), Limits.defaults(), Stdio.none()))
          .isEqualTo(new Exited(0));
    }
  }

  private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
    var sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
    return "sha256:" + HexFormat.of().formatHex(sha256);
  }

  protected static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  protected static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
