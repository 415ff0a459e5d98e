package dev.dunlin.operator.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The time that a job is to be made for: of several that were missed only the last.
 *
 * @param tooMany whether more than 100 were missed
 */
record Due(Instant time, boolean tooMany) {
  private static final int MANY = 100;

  /** Where the last time is looked for, from the shortest: so few times are walked through. */
  private static final List<Duration> BACK =
      List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(32), Duration.ofDays(366));

  /** What is due of the times after {@code since}, up to {@code now}. */
  static Optional<Due> of(CronSchedule schedule, ZoneId zone, Instant since, Instant now) {
    var first = schedule.next(since, zone).filter(time -> !time.isAfter(now));
    return first.map(
        time -> new Due(last(schedule, zone, time, now), isMany(schedule, zone, time, now)));
  }

  private static Instant last(CronSchedule schedule, ZoneId zone, Instant first, Instant now) {
    for (var back : BACK) {
      var from = now.minus(back);
      if (from.isBefore(first)) break;
      var found = schedule.next(from, zone).filter(time -> !time.isAfter(now));
      if (found.isPresent()) return lastFrom(schedule, zone, found.get(), now);
    }
    return lastFrom(schedule, zone, first, now);
  }

  private static Instant lastFrom(CronSchedule schedule, ZoneId zone, Instant from, Instant now) {
    var last = from;
    while (true) {
      var next = schedule.next(last, zone).filter(time -> !time.isAfter(now));
      if (next.isEmpty()) return last;
      last = next.get();
    }
  }

  private static boolean isMany(CronSchedule schedule, ZoneId zone, Instant first, Instant now) {
    var time = first;
    for (int missed = 1; missed <= MANY; missed++) {
      var next = schedule.next(time, zone).filter(it -> !it.isAfter(now));
      if (next.isEmpty()) return false;
      time = next.get();
    }
    return true;
  }
}
