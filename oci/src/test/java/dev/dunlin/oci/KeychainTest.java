package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeychainTest {
  @ParameterizedTest
  @CsvSource({
    "ghcr.io, ghcr.io/a/b, true",
    "https://ghcr.io, ghcr.io/a/b, true",
    "https://ghcr.io/, ghcr.io/a/b, true",
    "http://ghcr.io/v2/, ghcr.io/a/b, true",
    "ghcr.io/a, ghcr.io/a/b, true",
    "ghcr.io/a/b, ghcr.io/a/b, true",
    "ghcr.io/a, ghcr.io/ab, false",
    "ghcr.io/a/b/c, ghcr.io/a/b, false",
    "ghcr.io, ghcr.io:443/a/b, false",
    "localhost:5000, localhost:5000/a, true",
    "localhost:5000, localhost:5001/a, false",
    "https://index.docker.io/v1/, hello, true",
    "index.docker.io, user/hello, true",
    "docker.io, hello, true",
    "*.registry.example, team.registry.example/a, true",
    "*.registry.example, registry.example/a, false",
    "*.registry.example, a.b.registry.example/a, false",
    "GHCR.io, ghcr.io/a, true",
  })
  void aKeyCoversRegistryAndPath(String key, String image, boolean covers) {
    Keychain keychain = Keychain.ofDockerConfigs(List.of(config(key, "u", "p")));

    assertThat(keychain.find(ImageReference.parse(image)).isPresent()).isEqualTo(covers);
  }

  @Test
  void theLongestPathWins() {
    Keychain keychain =
        Keychain.ofDockerConfigs(
            List.of(
                config("ghcr.io", "short", "1"),
                config("ghcr.io/team/app", "long", "2"),
                config("ghcr.io/team", "middle", "3")));

    assertThat(find(keychain, "ghcr.io/team/app/x")).contains(new Credentials("long", "2"));
    assertThat(find(keychain, "ghcr.io/team/other")).contains(new Credentials("middle", "3"));
    assertThat(find(keychain, "ghcr.io/other")).contains(new Credentials("short", "1"));
  }

  @Test
  void theFirstOfEqualKeysWins() {
    Keychain keychain =
        Keychain.ofDockerConfigs(
            List.of(config("ghcr.io", "first", "1"), config("https://ghcr.io", "second", "2")));

    assertThat(find(keychain, "ghcr.io/a")).contains(new Credentials("first", "1"));
  }

  @Test
  void authMayHoldAColonInThePassword() {
    String auth = encode("user:pa:ss");
    Keychain keychain =
        Keychain.ofDockerConfigs(
            List.of("{\"auths\":{\"ghcr.io\":{\"auth\":\"%s\"}}}".formatted(auth)));

    assertThat(find(keychain, "ghcr.io/a")).contains(new Credentials("user", "pa:ss"));
  }

  @Test
  void anEntryWithoutCredentialsKnowsNobody() {
    Keychain keychain = Keychain.ofDockerConfigs(List.of("{\"auths\":{\"ghcr.io\":{}}}"));

    assertThat(find(keychain, "ghcr.io/a")).isEmpty();
  }

  @Test
  void aBrokenSecretIsNamedAndNotQuoted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Keychain.ofDockerConfigs(List.of("{\"auths\": hunter2")))
        .withMessageContaining("expected JSON with an object 'auths'")
        .withMessageNotContaining("hunter2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Keychain.ofDockerConfigs(List.of("{\"ghcr.io\":{\"auth\":\"hunter2\"}}")))
        .withMessageContaining("expected JSON with an object 'auths', found none")
        .withMessageNotContaining("hunter2");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Keychain.ofDockerConfigs(
                List.of(
                    "{\"auths\":{\"ghcr.io\":{\"auth\":\"%s\"}}}".formatted(encode("hunter2")))))
        .withMessageContaining("auths['ghcr.io'].auth: expected base64 of user:password")
        .withMessageNotContaining("hunter2");
  }

  @Test
  void nothingPrintsAPassword() {
    Keychain keychain = Keychain.ofDockerConfigs(List.of(config("ghcr.io", "u", "hunter2")));

    assertThat(keychain.toString()).contains("ghcr.io").doesNotContain("hunter2");
    assertThat(new Credentials("u", "hunter2").toString()).doesNotContain("hunter2");
  }

  private static Optional<Credentials> find(Keychain keychain, String image) {
    return keychain.find(ImageReference.parse(image));
  }

  private static String config(String key, String username, String password) {
    return "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
        .formatted(key, username, password);
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
