package dev.dunlin.oci;

import static dev.dunlin.oci.Modules.component;
import static dev.dunlin.oci.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.RemoteModule.Form;
import dev.dunlin.oci.testing.Artifact;
import dev.dunlin.oci.testing.Artifacts;
import dev.dunlin.oci.testing.Artifacts.Layer;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DescribeTest {
  private static final byte[] MODULE = module(5000);
  private static final byte[] COMPONENT = component(5000);

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

  private RemoteModule describe(String repoTag) {
    return client.describe(registry.reference(repoTag), Keychain.EMPTY);
  }

  static Stream<Arguments> everyFormat() {
    return Stream.of(
        arguments("CNCF, wasip1", Artifacts.cncf(MODULE), Form.CORE_MODULE),
        arguments("CNCF, wasip2", Artifacts.cncf(COMPONENT), Form.COMPONENT),
        arguments("CNCF, os of its own", Artifacts.cncf("wasi", COMPONENT), Form.COMPONENT),
        arguments("wasm-to-oci", Artifacts.wasmToOci(MODULE), Form.CORE_MODULE),
        arguments("empty configuration", Artifacts.emptyConfig(COMPONENT), Form.COMPONENT),
        arguments("runwasi, module", Artifacts.runwasi(MODULE), Form.CORE_MODULE),
        arguments("runwasi, component", Artifacts.runwasi(COMPONENT), Form.COMPONENT),
        arguments("Spin", Artifacts.spin(COMPONENT), Form.COMPONENT),
        arguments("compat image", Artifacts.compat(MODULE), Form.UNKNOWN),
        arguments("text", Artifacts.emptyConfig(new byte[] {'h', 'i'}), Form.UNKNOWN),
        arguments(
            "index",
            Artifacts.index(
                List.of("linux/amd64", "wasip2/wasm"),
                List.of(Artifacts.cncf(MODULE), Artifacts.cncf(COMPONENT))),
            Form.COMPONENT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyFormat")
  void theFormIsWhatTheConfigurationOrElseTheFirstBytesSay(
      String name, Artifact artifact, Form form) {
    Digest pushed = registry.push("demo/app:v1", artifact);

    RemoteModule found = describe("demo/app:v1");

    assertThat(found.manifest()).isEqualTo(pushed);
    assertThat(found.form()).isEqualTo(form);
  }

  @Test
  void importsAndExportsAreThoseOfTheConfiguration() {
    registry.push(
        "demo/app:v1",
        Artifacts.cncf(
            List.of("wasi:cli/environment@0.2.12", "wasi:http/types@0.3.0"),
            List.of("wasi:http/handler@0.3.0"),
            COMPONENT));

    RemoteModule found = describe("demo/app:v1");

    assertThat(found.imports())
        .containsExactly("wasi:cli/environment@0.2.12", "wasi:http/types@0.3.0");
    assertThat(found.exports()).containsExactly("wasi:http/handler@0.3.0");
    assertThat(registry.requests()).extracting(InMemoryRegistry.Request::range).containsOnlyNulls();
  }

  @Test
  void noMoreThanEightBytesOfALayerAreAskedFor() {
    registry.push("demo/app:v1", Artifacts.emptyConfig(COMPONENT));

    describe("demo/app:v1");

    assertThat(registry.requests())
        .filteredOn(request -> request.path().contains(Digest.of(COMPONENT).toString()))
        .extracting(InMemoryRegistry.Request::range)
        .containsExactly("bytes=0-7");
  }

  @Test
  void aRegistryWithoutRangesTellsAsMuch() {
    registry.push("demo/app:v1", Artifacts.emptyConfig(COMPONENT));
    registry.faults().noRange("/blobs/");

    assertThat(describe("demo/app:v1").form()).isEqualTo(Form.COMPONENT);
  }

  @Test
  void whatStandsBehindATagMayBeMissingOrOdd() {
    for (Artifact odd :
        List.of(
            Artifacts.artifact(Artifacts.WASM_CONFIG, "no JSON", new Layer(Artifacts.WASM, MODULE)),
            Artifacts.artifact("application/vnd.cncf.helm.config.v1+json", "{}"))) {
      Digest pushed = registry.push("demo/app:v1", odd);

      assertThat(describe("demo/app:v1")).isEqualTo(RemoteModule.unknown(pushed));
    }
  }

  @Test
  void aConfigurationWithOtherBytesIsNotBelieved() {
    Digest pushed = registry.push("demo/app:v1", Artifacts.cncf(COMPONENT));
    registry.faults().wrongBytes("/blobs/", Integer.MAX_VALUE);

    assertThat(describe("demo/app:v1")).isEqualTo(RemoteModule.unknown(pushed));
  }

  @Test
  void aDigestNeedsNoRegistry() {
    Digest digest = Digest.of(MODULE);

    assertThat(describe("demo/app@" + digest)).isEqualTo(RemoteModule.unknown(digest));
  }

  @Test
  void aTagThatIsNotThereIsAFault() {
    assertThatThrownBy(() -> describe("demo/app:v1"))
        .isInstanceOfSatisfying(
            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void theOriginIsAskedWhereItsMirrorCannotTell() {
    Digest pushed = registry.push("demo/app:v1", Artifacts.cncf(COMPONENT));
    try (var mirror = InMemoryRegistry.start();
        var mirrored =
            new RegistryClient(
                RegistryConfig.defaults()
                    .withPlainHttp(registry.address())
                    .withPlainHttp(mirror.address())
                    .withMirror(registry.address(), mirror.address()))) {
      RemoteModule found =
          mirrored.describe(registry.reference("demo/app@" + pushed), Keychain.EMPTY);

      assertThat(found.form()).isEqualTo(Form.COMPONENT);
    }
  }
}
