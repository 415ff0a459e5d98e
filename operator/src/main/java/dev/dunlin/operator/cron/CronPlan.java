package dev.dunlin.operator.cron;

import dev.dunlin.api.v1alpha1.ConcurrencyPolicy;
import dev.dunlin.api.v1alpha1.CronStatus;
import dev.dunlin.api.v1alpha1.CronWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.operator.event.Happening;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a cron app does, by the rules of the CronJob controller. Pure.
 *
 * @param replaced jobs under way that make room for the new one
 * @param create the job that is due
 * @param old finished jobs beyond the history limits
 * @param status when {@code create} has been made
 * @param verdict what the conditions say
 * @param happenings worth an Event, but for those of the writes
 * @param lookAgain when time alone will change the plan
 */
record CronPlan(
    List<CronJob> replaced,
    Optional<WasmApp> create,
    List<CronJob> old,
    CronStatus status,
    Verdict verdict,
    List<Happening> happenings,
    Duration lookAgain) {

  /** The clock may be set at any time, and no timer would notice. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  /** Timers are not exact, and one that is early would find nothing due. */
  private static final Duration TIMER = Duration.ofMillis(20);

  private static final Duration UNTIL_STORED = Duration.ofMillis(100);
  private static final Duration TOLERATED_SKEW = Duration.ofMinutes(1);

  /** The reason and message of Ready. */
  record Verdict(boolean ready, String reason, String message) {}

  /** Decides it. */
  static CronPlan of(WasmApp app, CronWorkload cron, List<CronJob> jobs, Instant now) {
    return new Pass(app, cron, jobs, before(app), now).plan();
  }

  /** What is to be said where the job was refused after all. */
  static CronStatus without(
      WasmApp app, CronWorkload cron, List<CronJob> jobs, CronPlan refused, Instant now) {
    var pass = new Pass(app, cron, jobs, before(app), now);
    return pass.status(
        jobs.stream()
            .filter(job -> job.isActive() && !refused.replaced().contains(job))
            .map(CronJob::name),
        pass.lastScheduled());
  }

  private static CronStatus before(WasmApp app) {
    @Nullable WasmAppStatus status = app.getStatus();
    @Nullable CronStatus cron = status == null ? null : status.cron();
    return cron == null ? new CronStatus(List.of(), null, null) : cron;
  }

  /** What a pass knows. */
  private record Pass(
      WasmApp app, CronWorkload cron, List<CronJob> jobs, CronStatus before, Instant now) {

    CronPlan plan() {
      @Nullable Instant last = lastScheduled();
      if (Boolean.TRUE.equals(cron.suspend()))
        return nothing(
            new Verdict(true, Reasons.CRON_SUSPENDED, "No job is made: cron.suspend is true."),
            LONGEST_SLEEP);
      @Nullable ZoneId zone = zone();
      if (zone == null)
        return nothing(
            new Verdict(
                false,
                Reasons.UNKNOWN_TIME_ZONE,
                "cron.timeZone '%s' is no time zone that the operator knows; use an IANA name, e.g. Europe/Vienna."
                    .formatted(cron.timeZone())),
            LONGEST_SLEEP);
      CronSchedule schedule;
      try {
        schedule = CronSchedule.parse(cron.schedule());
      } catch (IllegalArgumentException e) {
        return nothing(
            new Verdict(false, Reasons.INVALID_SCHEDULE, "cron.schedule: " + e.getMessage()),
            LONGEST_SLEEP);
      }
      var next = schedule.next(now, zone);
      if (next.isEmpty())
        return nothing(
            new Verdict(
                false,
                Reasons.INVALID_SCHEDULE,
                "cron.schedule '%s' names no time in the next years.".formatted(cron.schedule())),
            LONGEST_SLEEP);
      if (last != null && Duration.between(now, last).compareTo(TOLERATED_SKEW) > 0)
        return nothing(
            new Verdict(
                false,
                Reasons.CLOCK_SKEW,
                "The last job was for %s, and the clock shows %s: until then no job is made. To begin anew, delete the app and apply it again."
                    .formatted(last, now.truncatedTo(ChronoUnit.SECONDS))),
            LONGEST_SLEEP);
      return scheduled(schedule, zone, last == null ? created() : last, next.get());
    }

    private CronPlan scheduled(
        CronSchedule schedule, ZoneId zone, Instant since, Instant nextTime) {
      var sleep = Duration.between(now, nextTime).plus(TIMER);
      var due = Due.of(schedule, zone, later(since, earliest()), now);
      if (due.isEmpty()) {
        var missed = Due.of(schedule, zone, since, now);
        return missed
            .map(it -> missed(it.time(), nextTime, sleep))
            .orElseGet(() -> nothing(active(nextTime, zone), sleep));
      }
      var time = due.get().time();
      var active = jobs.stream().filter(CronJob::isActive).toList();
      if (cron.concurrencyPolicy() == ConcurrencyPolicy.Forbid && !active.isEmpty())
        return blocked(active.getFirst(), sleep);
      var replaced =
          cron.concurrencyPolicy() == ConcurrencyPolicy.Replace
              ? active.stream().filter(job -> !job.isGoing()).toList()
              : List.<CronJob>of();
      var job = JobTemplate.of(app, cron, time, zone);
      var happenings = new ArrayList<>(happenings());
      if (due.get().tooMany())
        happenings.add(
            Happening.warning(
                Reasons.TOO_MANY_MISSED_TIMES,
                "More than 100 times were missed; a job is made for the last of them only. Set or decrease cron.startingDeadlineSeconds, or check the clocks."));
      return new CronPlan(
          replaced,
          Optional.of(job),
          old(),
          status(
              Stream.concat(
                  active.stream().filter(it -> !replaced.contains(it)).map(CronJob::name),
                  Stream.of(job.getMetadata().getName())),
              time),
          active(nextTime, zone),
          happenings,
          wake(sleep));
    }

    private Verdict active(Instant nextTime, ZoneId zone) {
      return new Verdict(
          true,
          Reasons.SCHEDULE_ACTIVE,
          "The next time is %s.".formatted(nextTime.atZone(zone).toOffsetDateTime()));
    }

    /** Said once, and again for another job that is in the way. */
    private CronPlan blocked(CronJob by, Duration sleep) {
      String message =
          "%s is still under way, and concurrencyPolicy is Forbid: the times until its end are left out, but for the last."
              .formatted(by.name());
      return nothing(
          new Verdict(true, Reasons.JOB_ALREADY_ACTIVE, message),
          sleep,
          Happening.normal(
              Reasons.JOB_ALREADY_ACTIVE,
              "Not starting job because %s is running and concurrency policy is Forbid"
                  .formatted(by.name())));
    }

    private CronPlan missed(Instant time, Instant nextTime, Duration sleep) {
      String message =
          "Missed scheduled time to start a job: %s (startingDeadlineSeconds is %d)."
              .formatted(time, cron.startingDeadlineSeconds());
      return nothing(
          new Verdict(
              true, Reasons.SCHEDULE_ACTIVE, message + " The next time is " + nextTime + "."),
          sleep,
          Happening.warning(Reasons.MISS_SCHEDULE, message));
    }

    /** A plan that makes no job; the Event only where the condition does not say so yet. */
    private CronPlan nothing(Verdict verdict, Duration sleep, Happening... once) {
      var happenings = new ArrayList<>(happenings());
      if (!isSaid(verdict)) {
        happenings.addAll(List.of(once));
        if (!verdict.ready())
          happenings.add(Happening.warning(verdict.reason(), verdict.message()));
      }
      return new CronPlan(
          List.of(),
          Optional.empty(),
          old(),
          status(jobs.stream().filter(CronJob::isActive).map(CronJob::name), lastScheduled()),
          verdict,
          happenings,
          wake(sleep));
    }

    private boolean isSaid(Verdict verdict) {
      @Nullable WasmAppStatus status = app.getStatus();
      return status != null
          && status.conditions().stream().anyMatch(c -> c.message().equals(verdict.message()));
    }

    private List<Happening> happenings() {
      var happenings = new ArrayList<Happening>();
      for (String name : before.active()) {
        var job = jobs.stream().filter(it -> it.name().equals(name)).findFirst();
        if (job.isEmpty())
          happenings.add(Happening.normal(Reasons.MISSING_JOB, "Active job went missing: " + name));
        else if (job.get().phase() != CronJob.Phase.ACTIVE)
          happenings.add(
              Happening.normal(
                  Reasons.SAW_COMPLETED_JOB,
                  "Saw completed job: %s, condition: %s"
                      .formatted(
                          name,
                          job.get().phase() == CronJob.Phase.COMPLETE ? "Complete" : "Failed")));
      }
      return happenings;
    }

    private CronStatus status(Stream<String> active, @Nullable Instant scheduled) {
      var succeeded =
          jobs.stream()
              .filter(job -> job.phase() == CronJob.Phase.COMPLETE)
              .map(CronJob::ended)
              .flatMap(Stream::ofNullable)
              .max(Comparator.naturalOrder());
      @Nullable Instant last =
          laterOf(instant(before.lastSuccessfulTime()), succeeded.orElse(null));
      return new CronStatus(
          List.copyOf(active.collect(TreeSet::new, TreeSet::add, TreeSet::addAll)),
          scheduled == null ? null : scheduled.toString(),
          last == null ? null : last.toString());
    }

    /** Of both kinds, what the stored status has taken in already and is beyond the limit. */
    private List<CronJob> old() {
      @Nullable Instant stored = instant(before.lastScheduleTime());
      return Stream.of(CronJob.Phase.COMPLETE, CronJob.Phase.FAILED)
          .flatMap(phase ->
              jobs.stream()
                  .filter(job -> job.phase() == phase && !job.isGoing())
                  .sorted(
                      Comparator.comparing(CronJob::scheduled)
                          .thenComparing(CronJob::name)
                          .reversed())
                  .skip(limit(phase)))
          .filter(job -> stored != null && !job.scheduled().isAfter(stored))
          .filter(job -> !before.active().contains(job.name()))
          .toList();
    }

    private int limit(CronJob.Phase phase) {
      return phase == CronJob.Phase.COMPLETE
          ? cron.successfulJobsHistoryLimit()
          : cron.failedJobsHistoryLimit();
    }

    /** Soon, where jobs may go once this pass is stored. */
    private Duration wake(Duration sleep) {
      boolean more =
          jobs.stream()
              .anyMatch(job ->
                  job.phase() != CronJob.Phase.ACTIVE && before.active().contains(job.name()));
      if (more) return UNTIL_STORED;
      return sleep.compareTo(LONGEST_SLEEP) < 0 ? sleep : LONGEST_SLEEP;
    }

    /** By the status and by the jobs, should the status not have been written. */
    private @Nullable Instant lastScheduled() {
      var made = jobs.stream().map(CronJob::scheduled).max(Comparator.naturalOrder()).orElse(null);
      return laterOf(instant(before.lastScheduleTime()), made);
    }

    private Instant created() {
      return Instant.parse(app.getMetadata().getCreationTimestamp());
    }

    /** Nothing up to then is started any more; a second that has begun still counts. */
    private @Nullable Instant earliest() {
      @Nullable Long deadline = cron.startingDeadlineSeconds();
      return deadline == null ? null : now.minusSeconds(1).minusSeconds(deadline);
    }

    /** Null: unknown. Offsets and abbreviations that Java would take are no IANA names. */
    private @Nullable ZoneId zone() {
      @Nullable String name = cron.timeZone();
      if (name == null) return ZoneOffset.UTC;
      return ZoneId.getAvailableZoneIds().contains(name) ? ZoneId.of(name) : null;
    }

    private static @Nullable Instant instant(@Nullable String text) {
      return text == null ? null : Instant.parse(text);
    }

    private static Instant later(Instant a, @Nullable Instant b) {
      return b == null || a.isAfter(b) ? a : b;
    }

    private static @Nullable Instant laterOf(@Nullable Instant a, @Nullable Instant b) {
      return a == null ? b : later(a, b);
    }
  }
}
