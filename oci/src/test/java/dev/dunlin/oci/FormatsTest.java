package dev.dunlin.oci;

import static dev.dunlin.oci.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.Artifacts.Layer;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {
  private static final byte[] MODULE = module(5000);

  @TempDir Path folder;
  private InMemoryRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() {
    registry = InMemoryRegistry.start();
    client = new RegistryClient(RegistryConfig.defaults().withPlainHttp(registry.address()));
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  static Stream<Named<Artifact>> everyFormat() {
    return Stream.of(
        Named.of("CNCF artifact", Artifacts.cncf(MODULE)),
        Named.of("wasm-to-oci", Artifacts.wasmToOci(MODULE)),
        Named.of("wkg", Artifacts.wkg(MODULE)),
        Named.of("runwasi image", Artifacts.runwasi(MODULE)),
        Named.of("wasmCloud of old", Artifacts.oldWasmCloud(MODULE)),
        Named.of("empty configuration", Artifacts.emptyConfig(MODULE)),
        Named.of("compat image", Artifacts.compat(MODULE)),
        Named.of("Spin, one component", Artifacts.spin(MODULE)),
        Named.of(
            "index",
            Artifacts.index(
                List.of("linux/amd64", "wasip1/wasm"),
                List.of(Artifacts.cncf(module(9)), Artifacts.cncf(MODULE)))));
  }

  @ParameterizedTest
  @MethodSource("everyFormat")
  void everyFormatLeavesTheBareModule(Artifact artifact) throws Exception {
    Digest pushed = registry.push("demo/app:v1", artifact);
    Path target = folder.resolve("module.wasm");

    ImageReference image = registry.reference("demo/app:v1");
    Digest resolved = client.resolve(image, Keychain.EMPTY);
    FetchedModule fetched =
        client.fetch(image.withDigest(resolved), Keychain.EMPTY, target, Progress.NONE);

    assertThat(resolved).isEqualTo(pushed);
    assertThat(target).hasBinaryContent(MODULE);
    assertThat(fetched.content()).isEqualTo(Digest.of(MODULE));
    assertThat(fetched.sizeBytes()).isEqualTo(MODULE.length);
    assertThat(fetched.manifest()).isEqualTo(pushed);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(target);
    }
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> refused() {
    byte[] other = module(77);
    return Stream.of(
        org.junit.jupiter.params.provider.Arguments.of(
            Artifacts.spin(MODULE, other),
            "expected a Spin application of one component, found 2; push each component by itself"),
        org.junit.jupiter.params.provider.Arguments.of(
            Artifacts.artifact(
                Artifacts.IMAGE_CONFIG,
                Artifacts.imageConfig("Wasip1", "wasm", "null"),
                new Layer(Artifacts.OLD_WASM, MODULE),
                new Layer("application/vnd.wasm.content.layer.v1+data", new byte[9]),
                new Layer("application/vnd.fermyon.spin.application.v1+config", new byte[3])),
            "expected a Spin application without files of its own, found 1 layers of files"),
        org.junit.jupiter.params.provider.Arguments.of(
            Artifacts.artifact(
                "application/vnd.wasm.config.v0+json",
                "{}",
                new Layer(Artifacts.WASM, MODULE),
                new Layer(Artifacts.WASM, other)),
            "expected one WebAssembly layer, found 2; push each module by itself"),
        org.junit.jupiter.params.provider.Arguments.of(
            Artifacts.artifact("application/vnd.cncf.helm.config.v1+json", "{}"),
            "expected one layer of type application/wasm, or a container image with tar layers; found layers [] under a configuration of type application/vnd.cncf.helm.config.v1+json"),
        org.junit.jupiter.params.provider.Arguments.of(
            Artifacts.rootfs(
                Artifacts.imageConfig("linux", "amd64", "[\"/bin/sh\"]"),
                new Layer(Artifacts.TAR, new byte[1024])),
            "expected a WebAssembly module, found a container image for linux/amd64 that starts '/bin/sh'"),
        org.junit.jupiter.params.provider.Arguments.of(
            Artifacts.index(
                List.of("linux/amd64", "linux/arm64"),
                List.of(Artifacts.cncf(MODULE), Artifacts.cncf(other))),
            "expected an artifact for wasi/wasm in the index, found [linux/amd64, linux/arm64]"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(Artifact artifact, String message) {
    Digest pushed = registry.push("demo/app:v1", artifact);

    assertThatThrownBy(() ->
            client.fetch(
                registry.reference("demo/app@" + pushed),
                Keychain.EMPTY,
                folder.resolve("module.wasm"),
                Progress.NONE))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageEndingWith(message);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aModuleForWasip1IsPreferredOverAComponent() {
    Digest pushed =
        registry.push(
            "demo/app:v1",
            Artifacts.index(
                List.of("wasip2/wasm", "wasip1/wasm"),
                List.of(Artifacts.cncf(module(9)), Artifacts.cncf(MODULE))));

    client.fetch(
        registry.reference("demo/app@" + pushed),
        Keychain.EMPTY,
        folder.resolve("module.wasm"),
        Progress.NONE);

    assertThat(folder.resolve("module.wasm")).hasBinaryContent(MODULE);
  }
}
