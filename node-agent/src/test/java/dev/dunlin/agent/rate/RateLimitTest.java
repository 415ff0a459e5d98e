package dev.dunlin.agent.rate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aBurstIsAllowedThenTheRate() {
    var limit = new RateLimit(2, 3, 0);

    assertThat(limit.take(3, 0)).isTrue();
    assertThat(limit.take(1, 0)).isFalse();
    assertThat(limit.take(1, SECOND / 2)).isTrue();
    assertThat(limit.take(1, SECOND / 2)).isFalse();
  }

  @Test
  void aLongSilenceSavesNoMoreThanTheBurst() {
    var limit = new RateLimit(2, 3, 0);

    assertThat(limit.take(4, 1_000 * SECOND)).isFalse();
    assertThat(limit.take(3, 1_000 * SECOND)).isTrue();
  }
}
