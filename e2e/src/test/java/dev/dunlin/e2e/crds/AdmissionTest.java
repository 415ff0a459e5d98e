package dev.dunlin.e2e.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.e2e.cluster.ControlPlane;
import dev.dunlin.e2e.cluster.OnRealApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of {@code crds/}: {@code valid-*.yaml} is accepted, {@code invalid-*.yaml} is refused
 * with the message of its first line.
 */
@OnRealApiServer
class AdmissionTest {

  static List<Case> valid() throws IOException {
    return cases("valid-");
  }

  static List<Case> invalid() throws IOException {
    return cases("invalid-");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void valid(Case given, ControlPlane controlPlane) {
    HasMetadata accepted = dryRun(controlPlane.client(), given);

    assertThat(accepted.getMetadata().getUid()).isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void invalid(Case given, ControlPlane controlPlane) {
    String answer;
    try {
      answer = "accepted: " + dryRun(controlPlane.client(), given);
    } catch (KubernetesClientException refused) {
      answer = Objects.requireNonNullElse(refused.getStatus().getMessage(), "");
    }

    assertThat(answer).contains(given.message()).doesNotContain("accepted");
  }

  private static HasMetadata dryRun(KubernetesClient client, Case given) {
    return client
        .resource(given.yaml())
        .inNamespace(client.getNamespace())
        .dryRun(true)
        .fieldValidation(FieldValidateable.Validation.STRICT)
        .create();
  }

  /** One file. */
  record Case(String name, String yaml) {
    String message() {
      return yaml.lines().findFirst().orElseThrow().substring(2);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Case> cases(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .map(AdmissionTest::read)
          .toList();
    }
  }

  private static Case read(Path file) {
    try {
      return new Case(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(ControlPlane.class.getResource("/crds")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
