package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
  private static final String EXAMPLES = "../examples/";

  @TempDir Path folder;

  @Test
  void aCoreModuleShowsItsImportsAndWhatItMayBeGranted() {
    Said said = Said.by("check", EXAMPLES + "hello-c/app.wasm");

    assertThat(said.exitCode()).isZero();
    assertThat(said.out())
        .startsWith(EXAMPLES + "hello-c/app.wasm: core module, 24 KB\ndigest   sha256:")
        .contains("engine, as http (CGI), worker, job\nneeds    wasi:p1\n")
        .contains("imports  wasi_snapshot_preview1.environ_get\n")
        .contains("exports  memory\n         _start\n")
        .contains("grants   wasi_snapshot_preview1.environ_get: env, envFrom");
  }

  @Test
  void aComponentShowsWhichHostsItWouldHaveToBeGranted() throws IOException {
    OnNative.required(folder);

    Said said = Said.by("check", EXAMPLES + "fetch-rust/app.wasm");

    assertThat(said.exitCode()).isZero();
    assertThat(said.out())
        .contains("engine, as http\nneeds    component, wasi:cli@0.2, wasi:http@0.2\n")
        .contains("exports  wasi:http/incoming-handler@0.2.")
        .containsPattern(
            "grants   wasi:http/outgoing-handler@0\\.2\\.\\d+: network\\.allowedHosts \\(dunlin"
                + " run: --allow-host\\)\n")
        .contains("           without: every request is refused\n");
  }

  @Test
  void aComponentCannotRunOnTheJvmEngine() {
    Said said = Said.by("check", "--engine=jvm", EXAMPLES + "http-rust/app.wasm");

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.out()).contains("runs     not on the jvm ").contains("COMPONENT_NOT_SUPPORTED");
  }

  @Test
  void theReportIsAlsoJson() {
    Said said = Said.by("check", "-o", "json", EXAMPLES + "hello-c/app.wasm");

    assertThat(said.out())
        .startsWith("{\n")
        .contains("\"kind\" : \"core module\"")
        .contains("\"features\" : [ \"wasi:p1\" ]");
  }

  @Test
  void whatIsNoModuleIsToldByItsFirstBytes() throws IOException {
    Path file = Files.writeString(folder.resolve("app.wasm"), "<html>", StandardCharsets.UTF_8);

    Said said = Said.by("check", file.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err())
        .isEqualTo(
            "dunlin: %s: expected a WebAssembly module (bytes 00 61 73 6d 01 00 00 00), found 3c 68 74 6d 6c 3e (HTML or XML)\n"
                .formatted(file));
  }

  @Test
  void aModuleThatEndsInTheMiddleIsNoCrash() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of(EXAMPLES, "hello-c", "app.wasm"));
    Path file = folder.resolve("half.wasm");
    Files.write(file, java.util.Arrays.copyOf(whole, 100));

    Said said = Said.by("check", file.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).startsWith("dunlin: module, byte ").contains("expected");
  }
}
