package dev.dunlin.operator.job;

import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands and what it needs next. Counts never go backwards: which runs succeeded and
 * which failed is kept by number in the status, so it does not matter when their instances go.
 *
 * @param start numbers of the runs to begin now
 * @param recheckAfter when time alone will change the answer
 */
public record JobProgress(
    JobStatus status,
    Outcome outcome,
    String reason,
    String message,
    List<Integer> start,
    Optional<Duration> recheckAfter) {
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(6);

  /** Whether a job is over, and how. */
  public enum Outcome {
    RUNNING,
    COMPLETE,
    FAILED
  }

  public JobProgress {
    start = List.copyOf(start);
  }

  /**
   * Decides at {@code now}.
   *
   * @param before the status so far of this very job; null when it begins
   * @param runs the instances that exist
   * @param retryDelay before the first run after a failure; doubled for each failure, 6 min at most
   */
  public static JobProgress of(
      JobWorkload job,
      @Nullable JobStatus before,
      List<Run> runs,
      Instant now,
      Duration retryDelay) {
    int active = (int) runs.stream().filter(run -> run.state() == Run.State.ACTIVE).count();
    if (before != null && before.completionTime() != null) return ended(job, before, active);

    var succeeded = RunSet.parse(before == null ? null : before.succeededRuns());
    var failed = RunSet.parse(before == null ? null : before.failedRuns());
    int next = Math.max(succeeded.end(), failed.end());
    for (var run : runs) next = Math.max(next, run.number() + 1);
    var existing = RunSet.EMPTY;
    for (var run : runs) {
      existing = existing.with(run.number());
      if (failed.contains(run.number())) continue;
      if (run.state() == Run.State.SUCCEEDED) succeeded = succeeded.with(run.number());
    }
    for (var run : runs)
      if (run.state() == Run.State.FAILED && !succeeded.contains(run.number()))
        failed = failed.with(run.number());
    for (int number = 0; number < next; number++) // begun, not seen to end, and gone
    if (!existing.contains(number) && !succeeded.contains(number)) failed = failed.with(number);

    var startTime =
        before == null || before.startTime() == null
            ? now.truncatedTo(ChronoUnit.SECONDS)
            : Instant.parse(before.startTime());
    var counted = new Counts(succeeded, failed, startTime);
    if (succeeded.size() >= job.completions())
      return counted.end(active, Outcome.COMPLETE, Reasons.JOB_COMPLETE, completed(succeeded), now);
    @Nullable Instant deadline = deadline(job, startTime);
    if (deadline != null && (!deadline.isAfter(now) || runs.stream().anyMatch(stoppedAt(deadline))))
      return counted.end(
          active,
          Outcome.FAILED,
          Reasons.DEADLINE_EXCEEDED,
          "The job was active longer than activeDeadlineSeconds (%d)."
              .formatted(job.activeDeadlineSeconds()),
          now);
    if (failed.size() > job.backoffLimit())
      return counted.end(
          active,
          Outcome.FAILED,
          Reasons.BACKOFF_LIMIT_EXCEEDED,
          "%d runs have failed; backoffLimit is %d.".formatted(failed.size(), job.backoffLimit()),
          now);

    var wait = delay(runs, failed.size(), retryDelay, now);
    int want =
        wait.isPositive()
            ? 0
            : Math.min(job.parallelism() - active, job.completions() - succeeded.size() - active);
    int from = next;
    var start = IntStream.range(from, from + Math.max(0, want)).boxed().toList();
    return new JobProgress(
        counted.status(active, null),
        Outcome.RUNNING,
        Reasons.JOB_RUNNING,
        "%d of %d runs have succeeded, %d active, %d failed."
            .formatted(succeeded.size(), job.completions(), active, failed.size()),
        start,
        soonest(wait, deadline, now));
  }

  /** When a job that began at {@code start} is stopped; null: never. */
  public static @Nullable Instant deadline(JobWorkload job, Instant start) {
    @Nullable Long seconds = job.activeDeadlineSeconds();
    return seconds == null ? null : start.plusSeconds(seconds);
  }

  /** An agent's clock may be ahead of ours. */
  private static Predicate<Run> stoppedAt(Instant deadline) {
    return run -> deadline.equals(run.deadline());
  }

  private static String completed(RunSet succeeded) {
    return succeeded.size() == 1
        ? "The run has succeeded."
        : "All %d runs have succeeded.".formatted(succeeded.size());
  }

  private static JobProgress ended(JobWorkload job, JobStatus before, int active) {
    boolean complete = before.succeeded() >= job.completions();
    boolean failedOut = before.failed() > job.backoffLimit();
    var status =
        new JobStatus(
            active,
            before.succeeded(),
            before.failed(),
            before.startTime(),
            before.completionTime(),
            before.succeededRuns(),
            before.failedRuns());
    return new JobProgress(
        status,
        complete ? Outcome.COMPLETE : Outcome.FAILED,
        complete
            ? Reasons.JOB_COMPLETE
            : failedOut ? Reasons.BACKOFF_LIMIT_EXCEEDED : Reasons.DEADLINE_EXCEEDED,
        "",
        List.of(),
        Optional.empty());
  }

  /** How much longer to wait after the last failure; zero when it is not known when that was. */
  private static Duration delay(List<Run> runs, int failures, Duration base, Instant now) {
    var last =
        runs.stream()
            .filter(run -> run.state() == Run.State.FAILED)
            .map(Run::finishedAt)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder());
    if (last.isEmpty() || failures == 0) return Duration.ZERO;
    var delay = base.multipliedBy(1L << Math.min(failures - 1, 20));
    var until = last.get().plus(delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay);
    return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
  }

  private static Optional<Duration> soonest(
      Duration wait, @Nullable Instant deadline, Instant now) {
    if (deadline == null) return wait.isPositive() ? Optional.of(wait) : Optional.empty();
    var left = Duration.between(now, deadline);
    return Optional.of(wait.isPositive() && wait.compareTo(left) < 0 ? wait : left);
  }

  private record Counts(RunSet succeeded, RunSet failed, Instant startTime) {
    JobStatus status(int active, @Nullable Instant completionTime) {
      return new JobStatus(
          active,
          succeeded.size(),
          failed.size(),
          startTime.toString(),
          completionTime == null ? null : completionTime.truncatedTo(ChronoUnit.SECONDS).toString(),
          succeeded.toString(),
          failed.toString());
    }

    JobProgress end(int active, Outcome outcome, String reason, String message, Instant now) {
      return new JobProgress(
          status(active, now), outcome, reason, message, List.of(), Optional.empty());
    }
  }
}
