package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.RegistryException.Kind;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResolveTest extends RegistryTest {
  @Test
  void aTagIsAskedWithHeadAlone() {
    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);

    assertThat(registry.requests()).hasSize(1);
    assertThat(registry.requests().getFirst()).hasToString("HEAD /v2/demo/app/manifests/v1");
  }

  @Test
  void withoutADigestHeaderTheBodyTells() {
    registry.withoutDigestHeader();

    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);
    assertThat(client.resolve(byDigest(), Keychain.EMPTY)).isEqualTo(pushed);
  }

  @Test
  void whereHeadIsNotSpokenGetIs() {
    registry.faults().status("HEAD /v2/", 405, 1);

    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);
  }

  @Test
  void aBodyThatIsNotWhatItsHeaderSaysIsNotBelieved() {
    registry.faults().status("HEAD /v2/", 405, 1).wrongBytes("GET /v2/demo/app/manifests", 1);

    refused(Kind.DIGEST_MISMATCH, () -> client.resolve(tag(), Keychain.EMPTY));
  }

  @Test
  void whatIsNotThereIsNamed() {
    var tag =
        refused(
            Kind.NOT_FOUND,
            () -> client.resolve(registry.reference("demo/app:v2"), Keychain.EMPTY));
    assertThat(tag)
        .hasMessageContaining("tag 'v2' of http://" + registry.address() + "/demo/app: not found");

    Digest other = Digest.of(new byte[1]);
    var digest =
        refused(Kind.NOT_FOUND, () -> client.resolve(byDigest().withDigest(other), Keychain.EMPTY));
    assertThat(digest)
        .hasMessageContaining("digest '" + other + "' of http://" + registry.address());

    var fetched =
        refused(
            Kind.NOT_FOUND,
            () ->
                client.fetch(
                    byDigest().withDigest(other), Keychain.EMPTY, target(), Progress.NONE));
    assertThat(fetched).hasMessageContaining("MANIFEST_UNKNOWN: manifest unknown");
  }

  @Test
  void aWebPageIsNoManifest() {
    registry.faults().html("/manifests/");

    var resolved = refused(Kind.INVALID, () -> client.resolve(tag(), Keychain.EMPTY));
    assertThat(resolved).hasMessageContaining("'<!DOCTYPE html><html><title>Please sign in");
    var fetched = refused(Kind.INVALID, this::fetch);
    assertThat(fetched).hasMessageContaining("'<!DOCTYPE html><html><title>Please sign in");
  }

  @Test
  void jsonOfAnotherKindIsNoManifest() {
    registry.faults().body("/manifests/", "application/json", "{\"status\":\"ok\"}");

    var resolved = refused(Kind.INVALID, () -> client.resolve(tag(), Keychain.EMPTY));
    assertThat(resolved)
        .hasMessageContaining("expected an OCI manifest or index")
        .hasMessageContaining("{\"status\":\"ok\"}");
    refused(Kind.INVALID, this::fetch);
  }

  @Test
  void aManifestOfTheFirstSchemaIsRefused() {
    registry
        .faults()
        .body("/manifests/", "application/json", "{\"schemaVersion\":1,\"name\":\"x\"}");

    var refused = refused(Kind.INVALID, () -> client.resolve(tag(), Keychain.EMPTY));
    assertThat(refused).hasMessageContaining("push it again with a newer client");
  }

  @Test
  void anotherManifestUnderADigestIsAMismatch() {
    registry.faults().wrongBytes("GET /v2/demo/app/manifests", 1);

    refused(Kind.DIGEST_MISMATCH, this::fetch);
  }

  @Test
  void aManifestThatNeverEndsIsTooLarge() {
    registry.faults().body("/manifests/", "application/json", " ".repeat(5 << 20));

    refused(Kind.TOO_LARGE, () -> client.resolve(tag(), Keychain.EMPTY));
  }

  @Test
  void passingFaultsAreWaitedOut() {
    registry.faults().status("/manifests/", 500, 2).status("/manifests/", 503, 1);

    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);
    assertThat(registry.requests()).hasSize(4);
  }

  @Test
  void tooManyRequestsIsWaitedOut() {
    registry.faults().tooManyRequests("/manifests/", 0, 2);

    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);
  }

  @Test
  void whoIsToldToStayAwayForLongGivesUpAtOnce() {
    registry.faults().tooManyRequests("/manifests/", 3600, 1);

    var refused = refused(Kind.UNAVAILABLE, () -> client.resolve(tag(), Keychain.EMPTY));

    assertThat(refused).hasMessageContaining("answered 429");
    assertThat(refused.isTransient()).isTrue();
    assertThat(registry.requests()).hasSize(1);
  }

  @Test
  void faultsThatDoNotPassAreUnavailable() {
    reconfigure(config().withTimeouts(quick(Duration.ofMillis(50))));
    registry.faults().status("/manifests/", 502, Integer.MAX_VALUE);

    var refused = refused(Kind.UNAVAILABLE, () -> client.resolve(tag(), Keychain.EMPTY));

    assertThat(refused).hasMessageContaining("answered 502").hasMessageContaining("(tried ");
  }

  @Test
  void aManifestThatTricklesIsUnavailable() {
    reconfigure(config().withTimeouts(quick(Duration.ZERO).withSilence(Duration.ofMillis(300))));
    registry.faults().trickle("GET /v2/demo/app/manifests", Duration.ofMillis(20));

    var refused = refused(Kind.UNAVAILABLE, this::fetch);

    assertThat(refused).hasMessageContaining("bytes in 300 ms and had more");
  }

  @Test
  void aRegistryThatIsDownIsUnavailable() {
    reconfigure(config().withTimeouts(quick(Duration.ofMillis(50))));
    registry.close();

    var refused = refused(Kind.UNAVAILABLE, () -> client.resolve(tag(), Keychain.EMPTY));

    assertThat(refused).hasMessageContaining("ConnectException");
  }

  @Test
  void aRegistryThatNeverAnswersIsUnavailable() throws Exception {
    try (var silent = new ServerSocket(0, 1, java.net.InetAddress.ofLiteral("127.0.0.1"))) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      reconfigure(
          config()
              .withPlainHttp(address)
              .withTimeouts(quick(Duration.ZERO).withSilence(Duration.ofMillis(100))));

      refused(
          Kind.UNAVAILABLE,
          () -> client.resolve(ImageReference.parse(address + "/a"), Keychain.EMPTY));
    }
  }
}
