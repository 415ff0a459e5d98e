package dev.dunlin.operator.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static Optional<Due> due(String schedule, Instant since, Instant now) {
    return Due.of(CronSchedule.parse(schedule), ZoneOffset.UTC, since, now);
  }

  @Test
  void nothingIsDueBeforeItsTime() {
    assertThat(due("0 * * * *", NOON, NOON.plusSeconds(3599))).isEmpty();
  }

  @Test
  void aTimeIsDueFromItsFirstMomentOn() {
    assertThat(due("0 * * * *", NOON, NOON.plusSeconds(3600)))
        .contains(new Due(NOON.plusSeconds(3600), false));
  }

  @Test
  void ofSeveralThatWereMissedOnlyTheLastIsDue() {
    assertThat(due("*/10 * * * *", NOON, NOON.plus(Duration.ofMinutes(45))))
        .contains(new Due(NOON.plus(Duration.ofMinutes(40)), false));
  }

  @Test
  void aHundredMissedTimesAreNotTooManyAndOneMoreIs() {
    assertThat(due("* * * * *", NOON, NOON.plus(Duration.ofMinutes(100))))
        .contains(new Due(NOON.plus(Duration.ofMinutes(100)), false));
    assertThat(due("* * * * *", NOON, NOON.plus(Duration.ofMinutes(101))))
        .contains(new Due(NOON.plus(Duration.ofMinutes(101)), true));
  }

  @Test
  void theLastOfManyIsFoundHoweverLongAgo() {
    var longAgo = NOON.minus(Duration.ofDays(3650));

    assertThat(due("* * * * *", longAgo, NOON)).contains(new Due(NOON, true));
    assertThat(due("30 6 * * *", longAgo, NOON))
        .contains(new Due(Instant.parse("2026-01-01T06:30:00Z"), true));
    assertThat(due("0 0 29 2 *", longAgo, NOON))
        .contains(new Due(Instant.parse("2024-02-29T00:00:00Z"), false));
    assertThat(due("0 0 1 7 *", longAgo, NOON))
        .contains(new Due(Instant.parse("2025-07-01T00:00:00Z"), false));
    assertThat(due("* 0-5 * * *", longAgo, NOON))
        .contains(new Due(Instant.parse("2026-01-01T05:59:00Z"), true));
  }

  @Test
  void anIrregularScheduleHasItsLastTimeTooAndNotAnApproximation() {
    var friday = Instant.parse("2026-01-02T17:01:00Z");
    var tuesday = Instant.parse("2026-01-06T07:00:00Z");

    assertThat(due("0 9-17 * * MON-FRI", friday, tuesday))
        .contains(new Due(Instant.parse("2026-01-05T17:00:00Z"), false));
  }
}
