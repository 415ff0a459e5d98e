package dev.dunlin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.Keychain;
import dev.dunlin.oci.RegistryClient;
import dev.dunlin.oci.RegistryConfig;
import dev.dunlin.oci.RemoteModule;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushTest {
  private static final String COMPONENT = "../examples/http-rust/app.wasm";
  private static final String JOB = "../examples/wordcount/app.wasm";

  private final InMemoryRegistry registry = InMemoryRegistry.start();
  private final String plain = "--plain-http-registry=" + registry.address();
  private final Path dockerConfig = Path.of(System.getenv("DOCKER_CONFIG"), "config.json");

  @AfterEach
  void stop() throws IOException {
    registry.close();
    Files.deleteIfExists(dockerConfig);
  }

  private String image(String repoTag) {
    return registry.address() + "/" + repoTag;
  }

  private void dockerLogin(String json) throws IOException {
    Files.createDirectories(dockerConfig.getParent());
    Files.writeString(dockerConfig, json);
  }

  @Test
  void theArtifactSaysWhatTheComponentImportsAndExports() {
    Said said = Said.by("push", plain, COMPONENT, image("demo/http:1.0"));

    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith("pushed " + image("demo/http:1.0") + " (264 KB)\ndigest sha256:");
    try (var client =
        new RegistryClient(RegistryConfig.defaults().withPlainHttp(registry.address()))) {
      var found = client.describe(registry.reference("demo/http:1.0"), Keychain.EMPTY);
      assertThat(found.form()).isEqualTo(RemoteModule.Form.COMPONENT);
      assertThat(found.imports()).contains("wasi:http/types@0.2.12");
      assertThat(found.exports()).contains("wasi:http/incoming-handler@0.2.12");
    }
  }

  @Test
  void theSameFileIsPushedUnderTheSameDigest() {
    Said first = Said.by("push", plain, "-o", "name", COMPONENT, image("demo/http:1.0"));
    Said second = Said.by("push", plain, "-o", "name", COMPONENT, image("demo/http:2.0"));

    assertThat(first.exitCode()).isZero();
    assertThat(second.out()).isEqualTo(first.out()).startsWith(image("demo/http@sha256:"));
  }

  @Test
  void whatWasPushedIsRun() {
    // One that no earlier run of this test has left in the cache.
    String only = "once=" + java.util.UUID.randomUUID();
    Said.by("push", plain, "-a", only, JOB, image("demo/wordcount:1.0"));

    Said run =
        Said.by(
            "run",
            plain,
            "--dir=../examples/wordcount/src:/text:ro",
            image("demo/wordcount:1.0"),
            "--",
            "/text/main.rs");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains(" words, ");
    assertThat(registry.count("GET", "/v2/demo/wordcount/blobs/")).isEqualTo(1);
  }

  @Test
  void theCredentialsAreThoseOfDockerLogin() throws IOException {
    registry.requireToken("bob", "secret");
    String auth = Base64.getEncoder().encodeToString("bob:secret".getBytes(StandardCharsets.UTF_8));
    dockerLogin("{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.address(), auth));

    Said said = Said.by("push", plain, COMPONENT, image("demo/http:1.0"));

    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  @Test
  void withoutCredentialsItSaysWhereTheyComeFrom() {
    registry.requireToken("bob", "secret");

    Said said = Said.by("push", plain, COMPONENT, image("demo/http:1.0"));

    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("Log in first (docker login)");
  }

  @Test
  void aHelperThatIsNotThereIsNamed() throws IOException {
    dockerLogin("{\"credsStore\":\"nowhere-to-be-found\"}");

    Said said = Said.by("push", plain, COMPONENT, image("demo/http:1.0"));

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err())
        .startsWith(
            "dunlin: docker-credential-nowhere-to-be-found: expected docker's credential helper");
  }

  @Test
  void anImageIsPushedByTag() {
    Said said = Said.by("push", COMPONENT, "host/app@sha256:" + "0".repeat(64));

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("push: expected an image by tag, found 'host/app@sha256:");
  }

  @Test
  void aRegistryThatIsNotThereIsUnreachable() {
    String gone = registry.address();
    registry.close();

    Said said = Said.by("push", plain, COMPONENT, gone + "/demo/http:1.0");

    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains(gone);
  }
}
