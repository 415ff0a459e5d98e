package dev.dunlin.operator.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Most cases are those that the cron library of the CronJob controller is tested with. */
class CronScheduleTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private static String next(String schedule, String after, ZoneId zone) {
    return CronSchedule.parse(schedule)
        .next(OffsetDateTime.parse(after).toInstant(), zone)
        .map(time -> time.atZone(zone).toOffsetDateTime().toString())
        .orElse("never");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0/15 * * * *        | 2012-07-09T14:45:00Z | 2012-07-09T15:00Z",
        "0/15 * * * *        | 2012-07-09T14:59:59Z | 2012-07-09T15:00Z",
        "5/15 * * * *        | 2012-07-09T15:05:00Z | 2012-07-09T15:20Z",
        "20-35/15 * * * *    | 2012-07-09T15:45:00Z | 2012-07-09T16:20Z",
        "*/15 * * * *        | 2012-07-09T23:46:00Z | 2012-07-10T00:00Z",
        "20-35/15 1/2 * * *  | 2012-07-09T23:35:51Z | 2012-07-10T01:20Z",
        "20-35/15 10-12 * * *| 2012-07-09T23:35:51Z | 2012-07-10T10:20Z",
        "20-35/15 1/2 */2 * *| 2012-07-09T23:35:51Z | 2012-07-11T01:20Z",
        "20-35/15 * 9-20 Jul *|2012-07-09T23:35:51Z | 2012-07-10T00:20Z",
        "0 0 9 Apr-Oct *     | 2012-07-09T23:35:00Z | 2012-08-09T00:00Z",
        "0 0 * Feb Mon       | 2012-07-09T23:35:00Z | 2013-02-04T00:00Z",
        "0 0 * Feb Mon/2     | 2012-07-09T23:35:00Z | 2013-02-01T00:00Z",
        "0 0 ? * Mon         | 2012-07-09T23:35:00Z | 2012-07-16T00:00Z",
        "* * * * *           | 2012-12-31T23:59:45Z | 2013-01-01T00:00Z",
        "0 0 29 Feb *        | 2012-07-09T23:35:00Z | 2016-02-29T00:00Z",
        "0 0 29 2 *          | 2096-03-01T00:00:00Z | 2104-02-29T00:00Z",
        "0 0 30 2 *          | 2012-07-09T23:35:00Z | never",
        "0 0 31 4 *          | 2012-07-09T23:35:00Z | never",
        "30 8 * Jul Sun      | 2012-07-14T08:00:00Z | 2012-07-15T08:30Z",
        "0 0 * * 7           | 2012-07-10T00:00:00Z | 2012-07-15T00:00Z",
        "0 0 * * 5-7         | 2012-07-15T00:00:00Z | 2012-07-20T00:00Z",
        "@hourly             | 2012-07-09T15:00:00Z | 2012-07-09T16:00Z",
        "@daily              | 2012-07-09T15:00:00Z | 2012-07-10T00:00Z",
        "@midnight           | 2012-07-09T15:00:00Z | 2012-07-10T00:00Z",
        "@weekly             | 2012-07-09T15:00:00Z | 2012-07-15T00:00Z",
        "@monthly            | 2012-07-09T15:00:00Z | 2012-08-01T00:00Z",
        "@yearly             | 2012-07-09T15:00:00Z | 2013-01-01T00:00Z",
        "@annually           | 2012-07-09T15:00:00Z | 2013-01-01T00:00Z",
      })
  void comesAtTheNextTimeThatAllFieldsName(String schedule, String after, String expected) {
    assertThat(next(schedule, after, UTC)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Both restricted: one is enough.
        "0 0 1,15 * Sun | 2012-07-08T00:00:00Z | 2012-07-15T00:00Z",
        "0 0 1,15 * Sun | 2012-06-11T00:00:00Z | 2012-06-15T00:00Z",
        "0 0 1,15 * Sun | 2012-07-30T00:00:00Z | 2012-08-01T00:00Z",
        "0 0 */10 * Sun | 2012-07-12T00:00:00Z | 2012-07-15T00:00Z",
        // One of them a star: both.
        "0 0 * * Mon    | 2012-07-14T00:00:00Z | 2012-07-16T00:00Z",
        "0 0 1,15 * *   | 2012-07-08T00:00:00Z | 2012-07-15T00:00Z",
        "0 0 */1 * Sun  | 2012-07-10T00:00:00Z | 2012-07-15T00:00Z",
      })
  void dayOfMonthAndDayOfWeekAreAnEitherOrWhereNoneIsAStar(
      String schedule, String after, String expected) {
    assertThat(next(schedule, after, UTC)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 11 3 * | 2012-03-11T00:00:00-05:00 | 2013-03-11T02:30-04:00",
        "0 2 * * *   | 2012-03-11T00:00:00-05:00 | 2012-03-12T02:00-04:00",
        "30 2 * * *  | 2012-03-10T03:00:00-05:00 | 2012-03-12T02:30-04:00",
        "0 1 * * *   | 2012-03-11T00:00:00-05:00 | 2012-03-11T01:00-05:00",
        "0 1 * * *   | 2012-03-11T01:00:00-05:00 | 2012-03-12T01:00-04:00",
        "0 3 * * *   | 2012-03-11T00:00:00-05:00 | 2012-03-11T03:00-04:00",
        "0 * * * *   | 2012-03-11T01:00:00-05:00 | 2012-03-11T03:00-04:00",
        "* * * * *   | 2012-03-11T01:59:00-05:00 | 2012-03-11T03:00-04:00",
      })
  void aTimeThatTheClockLeapsOverDoesNotCome(String schedule, String after, String expected) {
    assertThat(next(schedule, after, NEW_YORK)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 1 * * *   | 2012-11-04T00:00:00-04:00 | 2012-11-04T01:00-04:00",
        "0 1 * * *   | 2012-11-04T01:00:00-04:00 | 2012-11-04T01:00-05:00",
        "0 1 * * *   | 2012-11-04T01:00:00-05:00 | 2012-11-05T01:00-05:00",
        "30 1 4 11 * | 2012-11-04T01:45:00-04:00 | 2012-11-04T01:30-05:00",
        "30 2 4 11 * | 2012-11-04T00:00:00-04:00 | 2012-11-04T02:30-05:00",
        "0 * * * *   | 2012-11-04T01:00:00-04:00 | 2012-11-04T01:00-05:00",
        "0 * * * *   | 2012-11-04T01:00:00-05:00 | 2012-11-04T02:00-05:00",
        "59 1 * * *  | 2012-11-04T01:59:00-04:00 | 2012-11-04T01:59-05:00",
      })
  void aTimeThatTheClockShowsTwiceComesTwice(String schedule, String after, String expected) {
    assertThat(next(schedule, after, NEW_YORK)).isEqualTo(expected);
  }

  @Test
  void halfAnHourOfSummerTimeAndAMidnightThatIsNotThereAreNoTrouble() {
    var lordHowe = ZoneId.of("Australia/Lord_Howe"); // 02:00 to 02:30 on 7 October 2018
    assertThat(next("*/30 2 * * *", "2018-10-06T15:00:00Z", lordHowe))
        .isEqualTo("2018-10-07T02:30+11:00");
    var saoPaulo = ZoneId.of("America/Sao_Paulo"); // 00:00 to 01:00 on 4 November 2018
    assertThat(next("0 0 * * *", "2018-11-03T12:00:00Z", saoPaulo))
        .isEqualTo("2018-11-05T00:00-02:00");
  }

  @Test
  void aYearOfMinutesHasAllItsMinutes() {
    var schedule = CronSchedule.parse("*/30 * * * *");
    var times = new ArrayList<Instant>();
    var end = Instant.parse("2027-01-01T00:00:00Z");
    for (var time = schedule.next(Instant.parse("2025-12-31T23:59:59Z"), NEW_YORK);
        time.isPresent() && time.get().isBefore(end);
        time = schedule.next(time.get(), NEW_YORK)) times.add(time.get());

    assertThat(times).hasSize(365 * 48).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "* * * *         | has 4 fields; five are expected",
        "* * * * * *     | has 6 fields; five are expected",
        "@reboot         | has 1 fields; five are expected",
        "@every 1s       | has 2 fields; five are expected",
        "60 * * * *      | 60 in the minute '60' is not from 0 to 59",
        "* 24 * * *      | 24 in the hour '24' is not from 0 to 23",
        "* * 0 * *       | 0 in the day of the month '0' is not from 1 to 31",
        "* * * 13 *      | 13 in the month '13' is not from 1 to 12",
        "* * * * 8       | 8 in the day of the week '8' is not from 0 to 7",
        "30-10 * * * *   | The range '30-10' in the minute ends before it begins",
        "* * * * FRI-MON | The range 'FRI-MON' in the day of the week ends before it begins",
        "*/0 * * * *     | The step in the minute '*/0' is no number from 1 on",
        "*/x * * * *     | The step in the minute '*/x' is no number from 1 on",
        "1,,2 * * * *    | '' in the minute '' is no number",
        "-5 * * * *      | '' in the minute '-5' is no number",
        "5- * * * *      | '' in the minute '5-' is no number",
        "* * * Mon *     | 'Mon' in the month 'Mon' is no number",
      })
  void whatIsNoScheduleIsRefusedWithItsReason(String schedule, String message) {
    assertThatThrownBy(() -> CronSchedule.parse(schedule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesMayBeWrittenInAnyCaseAndSpacesBeMany() {
    var after = "2012-07-09T00:00:00Z";
    assertThat(
            List.of("0 0 1 aug *", " 0  0 1 AUG * ", "0 0 1 8 *").stream()
                .map(schedule -> next(schedule, after, UTC)))
        .containsOnly("2012-08-01T00:00Z");
  }
}
