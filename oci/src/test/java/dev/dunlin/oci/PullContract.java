package dev.dunlin.oci;

import static dev.dunlin.oci.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every registry must do for us, whoever wrote it. Pushed to over HTTP. */
abstract class PullContract {
  private static final byte[] MODULE = module(2_000_000);

  @TempDir Path folder;

  /** A registry for everybody, {@code host:port}. */
  abstract String open();

  /** One that wants bob and his secret. */
  abstract String guarded();

  static Stream<Named<Artifact>> everyFormat() {
    return Stream.of(
        Named.of("CNCF artifact", Artifacts.cncf(MODULE)),
        Named.of("wasm-to-oci", Artifacts.wasmToOci(MODULE)),
        Named.of("wkg", Artifacts.wkg(MODULE)),
        Named.of("runwasi image", Artifacts.runwasi(MODULE)),
        Named.of("wasmCloud of old", Artifacts.oldWasmCloud(MODULE)),
        Named.of("empty configuration", Artifacts.emptyConfig(MODULE)),
        Named.of("compat image", Artifacts.compat(MODULE)),
        Named.of(
            "index",
            Artifacts.index(
                List.of("linux/amd64", "wasip1/wasm"),
                List.of(Artifacts.cncf(module(9)), Artifacts.cncf(MODULE)))));
  }

  @ParameterizedTest
  @MethodSource("everyFormat")
  void whatWasPushedIsPulled(Artifact artifact) {
    Digest pushed = push(open(), "", "demo/app", artifact);

    try (RegistryClient client = client(open())) {
      ImageReference image = ImageReference.parse(open() + "/demo/app:v1");
      assertThat(client.resolve(image, Keychain.EMPTY)).isEqualTo(pushed);
      client.fetch(image.withDigest(pushed), Keychain.EMPTY, target(), Progress.NONE);
    }

    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void aBrokenDownloadGoesOnWithRange() throws Exception {
    Digest pushed = push(open(), "", "demo/range", Artifacts.cncf(MODULE));
    Path part = folder.resolve("module.wasm." + Digest.of(MODULE).hex().substring(0, 16) + ".part");
    Files.write(part, Arrays.copyOf(MODULE, 1_234_567));
    var first = new long[] {-1};

    try (RegistryClient client = client(open())) {
      client.fetch(
          ImageReference.parse(open() + "/demo/range@" + pushed),
          Keychain.EMPTY,
          target(),
          (blob, received, total) -> first[0] = first[0] < 0 ? received : first[0]);
    }

    assertThat(first[0]).isEqualTo(1_234_567);
    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    push(open(), "", "demo/app", Artifacts.cncf(MODULE));

    try (RegistryClient client = client(open())) {
      for (String absent :
          List.of("demo/app:v9", "nobody/here:v1", "demo/app@" + Digest.of(new byte[3]))) {
        RegistryTest.refused(
            Kind.NOT_FOUND,
            () -> client.resolve(ImageReference.parse(open() + "/" + absent), Keychain.EMPTY));
      }
    }
  }

  @Test
  void onlyTheRightCredentialsOpenAGuardedRegistry() {
    String basic =
        "Basic "
            + Base64.getEncoder().encodeToString("bob:secret".getBytes(StandardCharsets.UTF_8));
    Digest pushed = push(guarded(), basic, "demo/private", Artifacts.cncf(MODULE));
    ImageReference image = ImageReference.parse(guarded() + "/demo/private:v1");

    try (RegistryClient client = client(guarded())) {
      client.fetch(
          image.withDigest(pushed),
          RegistryTest.keychain(guarded(), "bob", "secret"),
          target(),
          Progress.NONE);
      RegistryTest.refused(Kind.UNAUTHORIZED, () -> client.resolve(image, Keychain.EMPTY));
      RegistryTest.refused(
          Kind.UNAUTHORIZED,
          () -> client.resolve(image, RegistryTest.keychain(guarded(), "bob", "guess")));
    }

    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void whatThisClientPushesItPulls() {
    var keychain = RegistryTest.keychain(guarded(), "bob", "secret");
    ImageReference image = ImageReference.parse(guarded() + "/demo/pushed:v1");

    try (RegistryClient client = client(guarded())) {
      Digest pushed = client.push(image, keychain, PushTest.component(MODULE), Progress.NONE);

      assertThat(client.push(image, keychain, PushTest.component(MODULE), Progress.NONE))
          .isEqualTo(pushed);
      assertThat(client.describe(image, keychain))
          .isEqualTo(
              new RemoteModule(
                  pushed,
                  RemoteModule.Form.COMPONENT,
                  List.of("wasi:http/types@0.2.0"),
                  List.of("wasi:http/incoming-handler@0.2.0")));
      client.fetch(image.withDigest(pushed), keychain, target(), Progress.NONE);
      RegistryTest.refused(
          Kind.UNAUTHORIZED,
          () -> client.push(image, Keychain.EMPTY, PushTest.component(MODULE), Progress.NONE));
    }

    assertThat(target()).hasBinaryContent(MODULE);
  }

  private Path target() {
    return folder.resolve("module.wasm");
  }

  private static RegistryClient client(String address) {
    return new RegistryClient(
        RegistryConfig.defaults()
            .withPlainHttp(address)
            .withTimeouts(RegistryTest.quick(Duration.ofSeconds(5))));
  }

  private static Digest push(
      String address, String authorization, String repository, Artifact artifact) {
    try (var push = new Push("http://" + address, authorization)) {
      return push.push(repository, "v1", artifact);
    }
  }
}
