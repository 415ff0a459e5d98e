package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dunlin.oci.RegistryException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against the registry program of Docker (Debian: docker-registry), where it is. */
class DockerRegistryTest extends PullContract {
  // bob:secret
  private static final String HTPASSWD =
      "bob:$2b$05$bR05LsvQSsd0SJd9ugMyquxUaaVEWcIG5vIyNNdYJlPO3w6ifhjte\n";

  @TempDir static Path data;
  private static @Nullable DockerRegistry open;
  private static @Nullable DockerRegistry guarded;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        DockerRegistry.program().isPresent(),
        "no docker-registry on the PATH (Debian: apt-get install docker-registry)");
    open = DockerRegistry.start(Files.createDirectory(data.resolve("open")), "");
    guarded = DockerRegistry.start(Files.createDirectory(data.resolve("guarded")), HTPASSWD);
  }

  @AfterAll
  static void stop() {
    if (open != null) {
      open.close();
    }
    if (guarded != null) {
      guarded.close();
    }
  }

  @Override
  String open() {
    return java.util.Objects.requireNonNull(open).address();
  }

  @Override
  String guarded() {
    return java.util.Objects.requireNonNull(guarded).address();
  }

  @Test
  void withoutTheFlagForPlainHttpTheErrorNamesIt() {
    var config = RegistryConfig.defaults().withTimeouts(RegistryTest.quick(Duration.ofSeconds(5)));
    try (var client = new RegistryClient(config)) {
      var refused =
          RegistryTest.refused(
              Kind.UNAVAILABLE,
              () -> client.resolve(ImageReference.parse(open() + "/a"), Keychain.EMPTY));

      assertThat(refused).hasMessageContaining("--plain-http-registry " + open());
    }
  }
}
