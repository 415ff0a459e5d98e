package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.oci.RegistryException.Kind;
import dev.dunlin.oci.testing.InMemoryRegistry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuthTest extends RegistryTest {
  @Test
  void userAndPasswordAreShownWhenAskedForAndThenAtOnce() {
    registry.requireBasic("bob", "pa:ss");

    client.resolve(tag(), keychain("bob", "pa:ss"));
    fetch(keychain("bob", "pa:ss"));

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(registry.requests().stream().filter(r -> !r.authorized())).hasSize(1);
  }

  @Test
  void wrongOrMissingCredentialsAreUnauthorized() {
    registry.requireBasic("bob", "secret");

    var wrong = refused(Kind.UNAUTHORIZED, () -> client.resolve(tag(), keychain("bob", "guess")));
    assertThat(wrong)
        .hasMessageContaining("the pull secret's user 'bob' may not read it")
        .hasMessageNotContaining("guess");
    var missing = refused(Kind.UNAUTHORIZED, () -> client.resolve(tag(), Keychain.EMPTY));
    assertThat(missing)
        .hasMessageContaining("the pull secrets hold none for " + registry.address());
    var otherRegistry =
        refused(
            Kind.UNAUTHORIZED, () -> client.resolve(tag(), keychain("ghcr.io", "bob", "secret")));
    assertThat(otherRegistry.isTransient()).isFalse();
  }

  @Test
  void oneCallersCredentialsServeNoOther() {
    registry.requireBasic("bob", "secret");
    client.resolve(tag(), keychain("bob", "secret"));

    refused(Kind.UNAUTHORIZED, () -> client.resolve(tag(), Keychain.EMPTY));
    refused(Kind.UNAUTHORIZED, () -> client.resolve(tag(), keychain("eve", "guess")));
  }

  @Test
  void aTokenIsFetchedOnceForARepository() {
    registry.requireToken("bob", "secret");

    client.resolve(tag(), keychain("bob", "secret"));
    fetch(keychain("bob", "secret"));

    assertThat(target()).hasBinaryContent(MODULE);
    assertThat(registry.count("GET", "/token")).isEqualTo(1);
  }

  @Test
  void eachRepositoryHasItsToken() {
    registry.requireToken("bob", "secret");
    registry.pushModule("demo/other:v1", MODULE);

    client.resolve(tag(), keychain("bob", "secret"));
    client.resolve(registry.reference("demo/other:v1"), keychain("bob", "secret"));

    assertThat(registry.count("GET", "/token")).isEqualTo(2);
  }

  @Test
  void anExpiredTokenIsReplacedBeforeItIsRefused() {
    registry.requireToken("bob", "secret", 1, registry.url() + "/token", Set.of());

    client.resolve(tag(), keychain("bob", "secret"));
    client.resolve(tag(), keychain("bob", "secret"));

    assertThat(registry.count("GET", "/token")).isEqualTo(2);
  }

  @Test
  void aRevokedTokenIsReplaced() {
    registry.requireToken("bob", "secret");
    client.resolve(tag(), keychain("bob", "secret"));

    registry.revokeTokens();
    client.resolve(tag(), keychain("bob", "secret"));

    assertThat(registry.count("GET", "/token")).isEqualTo(2);
  }

  @Test
  void anAnonymousTokenOpensWhatIsPublic() {
    registry.requireToken("bob", "secret", 300, registry.url() + "/token", Set.of("demo/app"));

    assertThat(client.resolve(tag(), Keychain.EMPTY)).isEqualTo(pushed);
    refused(
        Kind.UNAUTHORIZED,
        () -> client.resolve(registry.reference("demo/private:v1"), Keychain.EMPTY));
  }

  @Test
  void aTokenServerThatRefusesIsUnauthorized() {
    registry.requireToken("bob", "secret");

    var refused = refused(Kind.UNAUTHORIZED, () -> client.resolve(tag(), keychain("bob", "guess")));

    assertThat(refused).hasMessageContaining("token for").hasMessageNotContaining("guess");
  }

  @Test
  void aTokenServerThatTalksNonsenseIsInvalid() {
    registry.requireToken("bob", "secret");
    registry.faults().html("/token");

    refused(Kind.INVALID, () -> client.resolve(tag(), keychain("bob", "secret")));
  }

  @Test
  void aTokenServerThatFailsIsAskedAgain() {
    registry.requireToken("bob", "secret");
    registry.faults().status("/token", 503, 2);

    assertThat(client.resolve(tag(), keychain("bob", "secret"))).isEqualTo(pushed);
  }

  @Test
  void credentialsDoNotFollowARedirectElsewhere() {
    registry.requireBasic("bob", "secret");
    try (var storage = InMemoryRegistry.start()) {
      storage.pushModule("demo/app:v1", MODULE);
      registry.faults().redirect("GET /v2/demo/app/blobs/", storage.url());

      fetch(keychain("bob", "secret"));

      assertThat(target()).hasBinaryContent(MODULE);
      assertThat(storage.requests()).hasSize(1);
      assertThat(storage.requests().getFirst().authorized()).isFalse();
    }
  }

  @Test
  void aChallengeFromElsewhereIsNotAnswered() {
    try (var storage = InMemoryRegistry.start()) {
      storage.requireBasic("bob", "secret");
      registry.faults().redirect("GET /v2/demo/app/blobs/", storage.url());

      refused(Kind.UNAUTHORIZED, () -> fetch(keychain("bob", "secret")));

      assertThat(storage.requests()).noneMatch(InMemoryRegistry.Request::authorized);
    }
  }

  @Test
  void redirectsInACircleEnd() {
    registry.faults().redirect("/manifests/", registry.url());

    var refused = refused(Kind.INVALID, () -> client.resolve(tag(), Keychain.EMPTY));

    assertThat(refused).hasMessageContaining("more than 5 redirects");
  }
}
