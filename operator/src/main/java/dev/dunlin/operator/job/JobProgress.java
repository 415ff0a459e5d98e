package dev.dunlin.operator.job;

import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands and what it needs next. What is decided of a run is said in the status first;
 * an instance is deleted only once the status that is stored has counted it. So whoever takes over
 * between two writes finds either the instance or the count, and goes on from there.
 *
 * @param start runs to begin now
 * @param remove numbers of runs that are counted and whose instances go
 * @param recheckAfter when time alone will change the answer
 */
public record JobProgress(
    JobStatus status,
    Outcome outcome,
    String reason,
    String message,
    List<Start> start,
    Set<Integer> remove,
    Optional<Duration> recheckAfter) {

  /** Finished instances that are kept to look at, of those that succeeded and of the others. */
  public static final int KEPT = 5;

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(6);

  /** The time that a status takes until it is stored, roughly: then what it counted can go. */
  private static final Duration UNTIL_STORED = Duration.ofMillis(100);

  /** Where a job is; a FAILING one has failed, and waits for its last runs to stop. */
  public enum Outcome {
    RUNNING,
    SUSPENDED,
    FAILING,
    COMPLETE,
    FAILED
  }

  /** A run to begin; the index is null unless the job is Indexed. */
  public record Start(int number, @Nullable Integer index) {}

  public JobProgress {
    start = List.copyOf(start);
    remove = Set.copyOf(remove);
  }

  /**
   * Decides at {@code now}.
   *
   * @param before the status of this very job as it is stored; null when it begins
   * @param failing why it has failed, where that has been said already; else null
   * @param runs the instances that exist
   * @param retryDelay before the first run after a failure; doubled for each failure, 6 min at most
   */
  public static JobProgress of(
      JobWorkload job,
      @Nullable JobStatus before,
      @Nullable Ending failing,
      List<Run> runs,
      Instant now,
      Duration retryDelay) {
    var stored = new Tally(job, before);
    if (before != null && before.completionTime() != null) return ended(job, before, stored, runs);
    var tally = new Tally(job, before);
    tally.count(runs, before == null, now);
    var pass = new Pass(job, before, stored, tally, runs, now);
    if (tally.succeeded() >= job.completions() && failing == null) return pass.complete();
    @Nullable Ending ending = failing == null ? pass.ending() : failing;
    if (ending != null) return pass.fail(ending);
    return Boolean.TRUE.equals(job.suspend()) ? pass.suspend() : pass.goOn(retryDelay);
  }

  /** When a job that began at {@code start} is stopped; null: never. */
  public static @Nullable Instant deadline(JobWorkload job, @Nullable Instant start) {
    @Nullable Long seconds = job.activeDeadlineSeconds();
    return seconds == null || start == null ? null : start.plusSeconds(seconds);
  }

  /** The same, once that many of the runs to begin have found a place. */
  public JobProgress started(JobWorkload job, int count) {
    return count == 0
        ? with(status, List.of(), null)
        : with(withActive(status, status.active() + count), start.subList(0, count), job);
  }

  /** The same where not all of {@code start} could be begun: those that were will be seen. */
  public JobProgress refused() {
    return with(withActive(status, status.active() - start.size()), List.of(), null);
  }

  private JobProgress with(JobStatus counted, List<Start> begun, @Nullable JobWorkload job) {
    return new JobProgress(
        counted,
        outcome,
        reason,
        job == null ? message : running(job, counted),
        begun,
        remove,
        recheckAfter);
  }

  private static JobStatus withActive(JobStatus status, int active) {
    return new JobStatus(
        active,
        status.succeeded(),
        status.failed(),
        status.startTime(),
        status.completionTime(),
        status.succeededRuns(),
        status.failedRuns(),
        status.ignoredRuns(),
        status.completedIndexes(),
        status.failuresInARow(),
        status.lastFailureTime());
  }

  private static String running(JobWorkload job, JobStatus status) {
    String off = job.parallelism() == 0 ? " No run is started: parallelism is 0." : "";
    return "%d of %d runs have succeeded, %d active, %d failed.%s"
        .formatted(status.succeeded(), job.completions(), status.active(), status.failed(), off);
  }

  private static JobProgress ended(
      JobWorkload job, JobStatus before, Tally stored, List<Run> runs) {
    return new JobProgress(
        before,
        stored.succeeded() >= job.completions() ? Outcome.COMPLETE : Outcome.FAILED,
        "",
        "",
        List.of(),
        removable(runs, run -> true),
        Optional.empty());
  }

  /** Of what is counted: all that still works or is lost, and all that is old. */
  private static Set<Integer> removable(List<Run> runs, Predicate<Run> counted) {
    var going = new TreeSet<Integer>();
    runs.stream()
        .filter(counted)
        .filter(run -> run.working() || run.lost())
        .forEach(run -> going.add(run.number()));
    for (boolean good : List.of(true, false))
      runs.stream()
          .filter(counted)
          .filter(run -> !run.working() && !run.lost())
          .filter(run -> (run.state() == Run.State.SUCCEEDED) == good)
          .map(Run::number)
          .sorted(Comparator.reverseOrder())
          .skip(KEPT)
          .forEach(going::add);
    return going;
  }

  /** What one pass over a job that is not over knows. */
  private record Pass(
      JobWorkload job,
      @Nullable JobStatus before,
      Tally stored,
      Tally tally,
      List<Run> runs,
      Instant now) {

    JobProgress complete() {
      active().forEach(tally::ignore);
      String message =
          tally.succeeded() == 1
              ? "The run has succeeded."
              : "All %d runs have succeeded.".formatted(tally.succeeded());
      return over(Outcome.COMPLETE, new Ending(Reasons.JOB_COMPLETE, message));
    }

    /** Why the job fails now, if it does. */
    @Nullable Ending ending() {
      if (tally.ending() != null) return tally.ending();
      @Nullable Instant deadline = deadline(job, startTime());
      boolean stoppedForIt =
          runs.stream()
              .anyMatch(run ->
                  run.end() != null
                      && run.end().deadline() != null
                      && run.end().deadline().equals(deadline)); // an agent's clock may be ahead
      if (deadline != null && (!deadline.isAfter(now) || stoppedForIt))
        return new Ending(
            Reasons.DEADLINE_EXCEEDED,
            "The job was active longer than activeDeadlineSeconds (%d)."
                .formatted(job.activeDeadlineSeconds()));
      if (tally.failed() > job.backoffLimit())
        return new Ending(
            Reasons.BACKOFF_LIMIT_EXCEEDED,
            "%d runs have failed; backoffLimit is %d."
                .formatted(tally.failed(), job.backoffLimit()));
      return null;
    }

    JobProgress fail(Ending ending) {
      active().forEach(tally::giveUp);
      return runs.stream().anyMatch(Run::working)
          ? progress(
              Outcome.FAILING, ending.reason(), ending.message(), List.of(), Optional.empty())
          : over(Outcome.FAILED, ending);
    }

    JobProgress suspend() {
      active().forEach(tally::ignore);
      return progress(
          Outcome.SUSPENDED,
          Reasons.JOB_SUSPENDED,
          "The job is suspended: %d of %d runs have succeeded, %d failed."
              .formatted(tally.succeeded(), job.completions(), tally.failed()),
          List.of(),
          Optional.empty());
    }

    JobProgress goOn(Duration retryDelay) {
      excess().forEach(tally::ignore);
      var wait = delay(retryDelay);
      var start = wait.isPositive() ? List.<Start>of() : starts();
      return progress(
          Outcome.RUNNING,
          Reasons.JOB_RUNNING,
          running(job, tally.status(active().size(), null, null)),
          start,
          soonest(wait, deadline(job, startTime())));
    }

    private List<Run> active() {
      return runs.stream()
          .filter(run -> run.state() == Run.State.ACTIVE && !tally.isCounted(run.number()))
          .toList();
    }

    /** Of too many the latest go, and what runs for an index that is done or taken. */
    private List<Run> excess() {
      var excess = new ArrayList<Run>();
      var taken = new HashSet<Integer>();
      int room = Math.min(job.parallelism(), job.completions() - tally.succeeded());
      for (var run : active().stream().sorted(Comparator.comparingInt(Run::number)).toList()) {
        @Nullable Integer index = run.index();
        boolean twice = index != null && (tally.isDone(index) || taken.contains(index));
        if (twice || room == 0) {
          excess.add(run);
          continue;
        }
        room--;
        if (index != null) taken.add(index);
      }
      return excess;
    }

    private List<Start> starts() {
      var active = active();
      int wanted =
          Math.min(
              job.parallelism() - active.size(),
              job.completions() - tally.succeeded() - active.size());
      if (wanted <= 0) return List.of();
      if (!tally.isIndexed())
        return IntStream.range(0, wanted).mapToObj(i -> new Start(tally.next() + i, null)).toList();
      var taken = new HashSet<@Nullable Integer>();
      active.forEach(run -> taken.add(run.index()));
      var open =
          IntStream.range(0, job.completions())
              .filter(index -> !tally.isDone(index) && !taken.contains(index))
              .limit(wanted)
              .toArray();
      return IntStream.range(0, open.length)
          .mapToObj(i -> new Start(tally.next() + i, open[i]))
          .toList();
    }

    /** How much longer to wait after the last failure. */
    private Duration delay(Duration base) {
      @Nullable Instant last = tally.lastFailure();
      if (last == null || tally.failuresInARow() == 0) return Duration.ZERO;
      var delay = base.multipliedBy(1L << Math.min(tally.failuresInARow() - 1, 20));
      var until = last.plus(delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay);
      return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    }

    private Optional<Duration> soonest(Duration wait, @Nullable Instant deadline) {
      if (deadline == null) return wait.isPositive() ? Optional.of(wait) : Optional.empty();
      var left = Duration.between(now, deadline);
      return Optional.of(wait.isPositive() && wait.compareTo(left) < 0 ? wait : left);
    }

    /** A suspended job has none; it begins when it is resumed. */
    private @Nullable Instant startTime() {
      if (Boolean.TRUE.equals(job.suspend())) return null;
      @Nullable String begun = before == null ? null : before.startTime();
      return begun == null ? now.truncatedTo(ChronoUnit.SECONDS) : Instant.parse(begun);
    }

    private JobProgress over(Outcome outcome, Ending ending) {
      @Nullable String begun = before == null ? null : before.startTime();
      return new JobProgress(
          tally.status(0, begun == null ? startTime() : Instant.parse(begun), now),
          outcome,
          ending.reason(),
          ending.message(),
          List.of(),
          removable(),
          leftAfterThis());
    }

    private JobProgress progress(
        Outcome outcome,
        String reason,
        String message,
        List<Start> start,
        Optional<Duration> recheckAfter) {
      var soon = leftAfterThis();
      return new JobProgress(
          tally.status(active().size(), startTime(), null),
          outcome,
          reason,
          message,
          start,
          removable(),
          soon.isPresent() ? soon : recheckAfter);
    }

    private Set<Integer> removable() {
      return JobProgress.removable(runs, run -> stored.isCounted(run.number()));
    }

    /** Whether more can go once the status of this pass is stored. */
    private Optional<Duration> leftAfterThis() {
      var then = JobProgress.removable(runs, run -> tally.isCounted(run.number()));
      return then.equals(removable()) ? Optional.empty() : Optional.of(UNTIL_STORED);
    }
  }
}
