package dev.dunlin.agent.idle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleTimesTest {
  private static final IdleTimes TIMES = IdleTimes.ofSeconds(300, 600);

  @Test
  void guestsGoFirstAndTheCodeLater() {
    assertThat(after(TIMES, 299)).isEqualTo(Rest.AWAKE);
    assertThat(after(TIMES, 300)).isEqualTo(Rest.ASLEEP);
    assertThat(after(TIMES, 599)).isEqualTo(Rest.ASLEEP);
    assertThat(after(TIMES, 600)).isEqualTo(Rest.FORGOTTEN);
  }

  @Test
  void theCodeGoesNotBeforeTheGuestsWhereAnAppSleepsLate() {
    IdleTimes late = TIMES.with(3600);

    assertThat(after(late, 3599)).isEqualTo(Rest.AWAKE);
    assertThat(after(late, 3600)).isEqualTo(Rest.FORGOTTEN);
  }

  @Test
  void zeroIsNever() {
    Duration years = Duration.ofDays(10_000);

    assertThat(IdleTimes.ofSeconds(0, 600).after(years, true)).isEqualTo(Rest.AWAKE);
    assertThat(IdleTimes.ofSeconds(0, 600).after(years, false)).isEqualTo(Rest.AWAKE);
    assertThat(IdleTimes.ofSeconds(0, 600).isIdle(years)).isFalse();
    assertThat(IdleTimes.ofSeconds(300, 0).after(years, true)).isEqualTo(Rest.ASLEEP);
    assertThat(IdleTimes.ofSeconds(300, 0).after(years, false)).isEqualTo(Rest.ASLEEP);
  }

  @Test
  void anAppMaySayItselfAfterHowLong() {
    assertThat(after(TIMES.with(5), 5)).isEqualTo(Rest.ASLEEP);
    assertThat(after(IdleTimes.ofSeconds(0, 600).with(5), 5)).isEqualTo(Rest.ASLEEP);
    assertThat(TIMES.with(null)).isEqualTo(TIMES);
  }

  @Test
  void whoWasNeverAskedGivesAllBackAfterAMinuteAndCountsAsIdleNoSooner() {
    Duration minute = Duration.ofMinutes(1);

    assertThat(TIMES.after(minute, false)).isEqualTo(Rest.FORGOTTEN);
    assertThat(TIMES.after(minute.minusNanos(1), false)).isEqualTo(Rest.AWAKE);
    assertThat(TIMES.isIdle(minute)).isFalse();
  }

  @Test
  void lessThanNothingIsRefused() {
    assertThatThrownBy(() -> IdleTimes.ofSeconds(-1, 600))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 0 seconds or more, found -1");
  }

  private static Rest after(IdleTimes times, int seconds) {
    return times.after(Duration.ofSeconds(seconds), true);
  }
}
