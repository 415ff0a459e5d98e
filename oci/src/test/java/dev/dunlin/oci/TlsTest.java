package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TlsTest extends RegistryTest {
  @Override
  InMemoryRegistry newRegistry() {
    return InMemoryRegistry.startTls();
  }

  @Override
  RegistryConfig config() {
    return RegistryConfig.defaults()
        .withCaBundle(caFile())
        .withTimeouts(quick(Duration.ofSeconds(20)));
  }

  @Test
  void aConfiguredAuthorityIsBelieved() {
    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);
    fetch();

    assertThat(target()).hasBinaryContent(MODULE);
  }

  @Test
  void anUnknownAuthorityIsNot() {
    reconfigure(config().withCaBundle(null));

    var refused = refused(Kind.UNAVAILABLE, () -> client.resolve(tag(), Keychain.EMPTY));

    assertThat(refused)
        .hasMessageContaining(
            "expected a certificate that the system or --registry-ca vouches for");
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void plainHttpBehindHttpsNamesTheFlag() throws Exception {
    try (var plain = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofVirtual().start(() -> answerBadRequest(plain));
      String address = "127.0.0.1:" + plain.getLocalPort();

      var refused =
          refused(
              Kind.UNAVAILABLE,
              () -> client.resolve(ImageReference.parse(address + "/a"), Keychain.EMPTY));

      assertThat(refused)
          .hasMessageContaining("expected TLS, found plain http")
          .hasMessageContaining("--plain-http-registry " + address);
    }
  }

  @Test
  void plainHttpThatWaitsForMoreNamesTheFlagToo() {
    reconfigure(config().withTimeouts(quick(Duration.ZERO).withSilence(Duration.ofMillis(200))));
    try (var plain = InMemoryRegistry.start()) {
      var refused =
          refused(
              Kind.UNAVAILABLE,
              () -> client.resolve(plain.reference("demo/app:v1"), Keychain.EMPTY));

      assertThat(refused).hasMessageContaining("--plain-http-registry " + plain.address());
    }
  }

  // As Go's server does, which most registries are.
  private static void answerBadRequest(ServerSocket server) {
    try (var socket = server.accept()) {
      socket.getInputStream().read(new byte[16_384]);
      socket
          .getOutputStream()
          .write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tokensWorkOverTls() {
    registry.requireToken("bob", "secret");

    assertThat(client.resolve(tag(), keychain("bob", "secret"))).isEqualTo(pushed);
  }

  @Test
  void aTokenRealmWithoutTlsGetsNoCredentials() {
    try (var thief = InMemoryRegistry.start()) {
      registry.requireToken("bob", "secret", 300, thief.url() + "/token", Set.of());

      var refused =
          refused(Kind.UNAUTHORIZED, () -> client.resolve(tag(), keychain("bob", "secret")));

      assertThat(refused).hasMessageContaining("token realm: expected an https URL");
      assertThat(thief.requests()).isEmpty();
    }
  }

  @Test
  void aRedirectAwayFromTlsIsRefused() {
    try (var plain = InMemoryRegistry.start()) {
      registry.faults().redirect("/blobs/", plain.url());

      var refused = refused(Kind.INVALID, this::fetch);

      assertThat(refused).hasMessageContaining("redirect: expected an https URL");
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws Exception {
    Path empty = Files.writeString(folder.resolve("ca.pem"), "not a certificate");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RegistryClient(RegistryConfig.defaults().withCaBundle(empty)))
        .withMessageContaining("registry CA file " + empty + ": expected PEM certificates");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new RegistryClient(
                RegistryConfig.defaults().withCaBundle(folder.resolve("absent.pem"))))
        .withMessageContaining("absent.pem");
  }

  private Path caFile() {
    try {
      return Files.writeString(folder.resolve("registry-ca.pem"), registry.caPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
