package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuTallyTest {
  @Test
  void everyMillisecondIsCountedOnce() {
    var tally = new CpuTally();

    assertThat(tally.count(Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(5));
    assertThat(tally.count(Duration.ofMillis(5))).isZero();
    assertThat(tally.count(Duration.ofMillis(12))).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void anOlderLookTakesNothingBack() {
    var tally = new CpuTally();
    tally.count(Duration.ofMillis(12));

    assertThat(tally.count(Duration.ofMillis(5))).isZero();
    assertThat(tally.count(Duration.ofMillis(13))).isEqualTo(Duration.ofMillis(1));
  }
}
