package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String SHA =
      "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource({
    "hello, docker.io/library/hello:latest",
    "hello:v1, docker.io/library/hello:v1",
    "user/hello, docker.io/user/hello:latest",
    "docker.io/hello, docker.io/library/hello:latest",
    "index.docker.io/hello, docker.io/library/hello:latest",
    "registry-1.docker.io/user/hello, docker.io/user/hello:latest",
    "oci://ghcr.io/a/b:1.0, ghcr.io/a/b:1.0",
    "ghcr.io/a/b/c/d, ghcr.io/a/b/c/d:latest",
    "localhost/hello, localhost/hello:latest",
    "localhost:5000/hello, localhost:5000/hello:latest",
    "host:5000/hello:v1, host:5000/hello:v1",
    "127.0.0.1:5000/a/b, 127.0.0.1:5000/a/b:latest",
    "[::1]:5000/hello, [::1]:5000/hello:latest",
    "HOST/hello, HOST/hello:latest",
    "registry.example/a__b.c-d--e/f_g, registry.example/a__b.c-d--e/f_g:latest",
    "registry.example/a:V1.2_3-x, registry.example/a:V1.2_3-x",
  })
  void isCompletedAsDockerDoes(String text, String whole) {
    assertThat(ImageReference.parse(text)).hasToString(whole);
    assertThat(ImageReference.parse(whole)).isEqualTo(ImageReference.parse(text));
  }

  @Test
  void aDigestNeedsNoTag() {
    ImageReference image = ImageReference.parse("ghcr.io/a/b@" + SHA);

    assertThat(image.tag()).isNull();
    assertThat(image.digest()).isEqualTo(Digest.parse(SHA));
    assertThat(image).hasToString("ghcr.io/a/b@" + SHA);
  }

  @Test
  void aTagBesideADigestIsKeptUntilTheDigestIsReplaced() {
    ImageReference image = ImageReference.parse("ghcr.io/a/b:v1@" + SHA);

    assertThat(image).hasToString("ghcr.io/a/b:v1@" + SHA);
    assertThat(image.withDigest(Digest.parse(SHA))).hasToString("ghcr.io/a/b@" + SHA);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"\", found nothing",
        "\"  \", found nothing",
        "Hello, \"repository: expected lower-case letters\"",
        "ghcr.io/a/, \"found 'a/'\"",
        "ghcr.io/a//b, \"found 'a//b'\"",
        "ghcr.io/../b, \"found '../b'\"",
        "ghcr.io/a b, \"found 'a b'\"",
        "ghcr.io/a:, \"tag: expected up to 128 letters, digits, '_', '.' and '-', found ''\"",
        "ghcr.io/a:-x, \"found '-x'\"",
        "https://ghcr.io/a, \"scheme: expected none, or oci://, found 'https://'\"",
        "ghcr.io/a@sha256:12, \"expected 64 lower-case hexadecimal characters\"",
        "ghcr.io/a@md5:12, \"expected sha256 or sha512, found algorithm 'md5'\"",
        "ghcr.io/a@latest, \"digest: expected 'sha256:'\"",
        "host:99999/a, \"registry: expected a host name or address, and a port up to 65535, found 'host:99999'\"",
        "host:port/a, \"found 'host:port'\"",
        "-bad-.example/a, \"found '-bad-.example'\"",
        "user@evil.example/a, \"digest\"",
      })
  void aMistakeIsNamed(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageReference.parse(text))
        .withMessageContaining(message);
  }

  @Test
  void anOverlongNameIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageReference.parse("ghcr.io/" + "a".repeat(250)))
        .withMessageContaining("at most 255 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:" + "A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sha256:",
        "sha512:ab"
      })
  void aDigestIsExact(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Digest.parse(text))
        .withMessageContaining("lower-case hexadecimal");
  }

  @Test
  void aDigestMatchesItsBytesOnly() {
    byte[] bytes = {1, 2, 3};

    assertThat(Digest.of(bytes).matches(bytes)).isTrue();
    assertThat(Digest.of(bytes).matches(new byte[] {1, 2, 4})).isFalse();
  }
}
