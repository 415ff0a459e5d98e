package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.engine.Outbound;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void everyMillisecondIsCountedOnce() {
    var tally = new Tally();

    assertThat(tally.count(Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(5));
    assertThat(tally.count(Duration.ofMillis(5))).isZero();
    assertThat(tally.count(Duration.ofMillis(12))).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void anOlderLookTakesNothingBack() {
    var tally = new Tally();
    tally.count(Duration.ofMillis(12));

    assertThat(tally.count(Duration.ofMillis(5))).isZero();
    assertThat(tally.count(Duration.ofMillis(13))).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void everyRequestToAnotherHostIsCountedOnce() {
    var tally = new Tally();
    var well = new Outbound.Call("example.com", Outbound.Result.SUCCESSFUL);
    var denied = new Outbound.Call(Outbound.Call.OTHERS, Outbound.Result.DENIED);

    assertThat(tally.count(new Outbound(Map.of(well, 2L))).counts()).isEqualTo(Map.of(well, 2L));
    assertThat(tally.count(new Outbound(Map.of(well, 2L)))).isEqualTo(Outbound.NONE);
    assertThat(tally.count(new Outbound(Map.of(well, 5L, denied, 1L))).counts())
        .isEqualTo(Map.of(well, 3L, denied, 1L));
    assertThat(tally.count(new Outbound(Map.of(well, 2L)))).isEqualTo(Outbound.NONE);
  }
}
