package dev.dunlin.operator.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Five cron fields, with the meaning that a CronJob gives them: those minutes that the clock on the
 * wall shows. A time that the wall clock leaps over does not come; one that it shows twice comes
 * twice.
 */
final class CronSchedule {
  private static final Map<String, String> SHORT =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  /** The 29th of February comes again after eight years at the latest. */
  private static final int YEARS = 9;

  private final Field minutes;
  private final Field hours;
  private final Field days;
  private final Field months;
  private final Field weekdays;

  private CronSchedule(String[] fields) {
    minutes = Field.parse(Field.Kind.MINUTE, fields[0]);
    hours = Field.parse(Field.Kind.HOUR, fields[1]);
    days = Field.parse(Field.Kind.DAY, fields[2]);
    months = Field.parse(Field.Kind.MONTH, fields[3]);
    weekdays = Field.parse(Field.Kind.WEEKDAY, fields[4]);
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static CronSchedule parse(String text) {
    String spelledOut = SHORT.getOrDefault(text.strip(), text.strip());
    String[] fields = spelledOut.split("\\s+", -1);
    if (fields.length != 5)
      throw new IllegalArgumentException(
          "'%s' has %d fields; five are expected: minute hour day-of-month month day-of-week."
              .formatted(text, fields.length));
    return new CronSchedule(fields);
  }

  /** The first time after {@code after}; empty when there is none in the next years. */
  Optional<Instant> next(Instant after, ZoneId zone) {
    var rules = zone.getRules();
    Instant from = after.plusNanos(1);
    int lastYear = LocalDateTime.ofInstant(after, ZoneOffset.UTC).getYear() + YEARS;
    while (true) { // through the spans of time in which the wall clock only goes on
      ZoneOffset offset = rules.getOffset(from);
      @Nullable ZoneOffsetTransition leap = rules.nextTransition(from);
      @Nullable LocalDateTime match =
          match(minuteFrom(LocalDateTime.ofInstant(from, offset)), lastYear);
      if (match == null) return Optional.empty();
      Instant found = match.toInstant(offset);
      if (leap == null || found.isBefore(leap.getInstant())) return Optional.of(found);
      from = leap.getInstant();
    }
  }

  private static LocalDateTime minuteFrom(LocalDateTime time) {
    var minute = time.truncatedTo(ChronoUnit.MINUTES);
    return minute.equals(time) ? minute : minute.plusMinutes(1);
  }

  private @Nullable LocalDateTime match(LocalDateTime from, int lastYear) {
    var time = from;
    while (time.getYear() <= lastYear) {
      if (!months.has(time.getMonthValue()))
        time = time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
      else if (!isDay(time)) time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      else if (!hours.has(time.getHour())) time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      else if (!minutes.has(time.getMinute())) time = time.plusMinutes(1);
      else return time;
    }
    return null;
  }

  /** Where both fields restrict the day, one of them is enough. */
  private boolean isDay(LocalDateTime time) {
    boolean day = days.has(time.getDayOfMonth());
    boolean weekday = weekdays.has(time.getDayOfWeek().getValue() % 7);
    return (days.any() || weekdays.any()) ? (day && weekday) : (day || weekday);
  }
}
