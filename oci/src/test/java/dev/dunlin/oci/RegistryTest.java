package dev.dunlin.oci;

import static dev.dunlin.oci.Modules.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dunlin.oci.testing.InMemoryRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry with one module, and a client that is quick to retry and to give up. */
abstract class RegistryTest {
  static final byte[] MODULE = module(300_000);

  @TempDir Path folder;
  InMemoryRegistry registry;
  RegistryClient client;
  Digest pushed;

  @BeforeEach
  void startRegistry() {
    registry = newRegistry();
    pushed = registry.pushModule("demo/app:v1", MODULE);
    client = new RegistryClient(config());
  }

  @AfterEach
  void stopRegistry() {
    client.close();
    registry.close();
  }

  InMemoryRegistry newRegistry() {
    return InMemoryRegistry.start();
  }

  RegistryConfig config() {
    return RegistryConfig.defaults()
        .withPlainHttp(registry.address())
        .withTimeouts(quick(Duration.ofSeconds(20)));
  }

  static RegistryTimeouts quick(Duration retryFor) {
    return new RegistryTimeouts(
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(5),
        retryFor,
        Duration.ofMinutes(1));
  }

  /** Gives the client another configuration. */
  void reconfigure(RegistryConfig config) {
    client.close();
    client = new RegistryClient(config);
  }

  ImageReference tag() {
    return registry.reference("demo/app:v1");
  }

  ImageReference byDigest() {
    return tag().withDigest(pushed);
  }

  Path target() {
    return folder.resolve("module.wasm");
  }

  FetchedModule fetch() {
    return fetch(Keychain.EMPTY);
  }

  FetchedModule fetch(Keychain keychain) {
    return client.fetch(byDigest(), keychain, target(), Progress.NONE);
  }

  Keychain keychain(String username, String password) {
    return keychain(registry.address(), username, password);
  }

  static Keychain keychain(String key, String username, String password) {
    return Keychain.ofDockerConfigs(
        List.of(
            "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
                .formatted(key, username, password)));
  }

  static RegistryException refused(RegistryException.Kind kind, ThrowingCallable call) {
    RegistryException refused = catchThrowableOfType(RegistryException.class, call);
    assertThat(refused).isNotNull();
    assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(kind);
    return refused;
  }
}
