package dev.dunlin.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(100);

  @Test
  void pausesDoubleUpToALimitAndKeepHalfOfThemselves() {
    assertThat(Backoff.pauseAfter(0, FIRST, null, 1)).isEqualTo(Duration.ofMillis(100));
    assertThat(Backoff.pauseAfter(0, FIRST, null, 0)).isEqualTo(Duration.ofMillis(50));
    assertThat(Backoff.pauseAfter(3, FIRST, null, 1)).isEqualTo(Duration.ofMillis(800));
    assertThat(Backoff.pauseAfter(50, FIRST, null, 1)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whatTheRegistryAsksForIsTheLeast() {
    assertThat(Backoff.pauseAfter(0, FIRST, Duration.ofSeconds(7), 1))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(Backoff.pauseAfter(3, FIRST, Duration.ZERO, 1)).isEqualTo(Duration.ofMillis(800));
  }

  @Test
  void aChallengeIsReadWhateverItsOrderAndQuotes() {
    assertThat(
            Challenge.of(
                List.of(
                    "Basic realm=\"x\"",
                    "Bearer service=registry.example,scope=\"repository:a/b:pull,push\", realm=\"https://auth.example/token\"")))
        .contains(
            new Challenge.Bearer(
                "https://auth.example/token", "registry.example", "repository:a/b:pull,push"));
    assertThat(Challenge.of(List.of("basic realm=\"a, b\""))).contains(new Challenge.Basic());
    assertThat(Challenge.of(List.of("Negotiate abc"))).isEqualTo(Optional.empty());
    assertThat(Challenge.of(List.of("Bearer scope=\"x\""))).isEqualTo(Optional.empty());
  }
}
