package dev.dunlin.operator.job;

import dev.dunlin.api.v1alpha1.CompletionMode;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which runs count for what. A number that has been counted is never counted again, whatever its
 * instance says later; one that was begun and is gone without having been counted has failed. So
 * nothing is lost or counted twice, and finished instances can go. Owned by one pass.
 */
final class Tally {
  private final JobWorkload job;
  private final RunSet succeeded;
  private final RunSet failed;
  private final RunSet ignored;
  private final RunSet indexes;
  private int failuresInARow;
  private @Nullable Instant lastFailure;
  private int next;
  private @Nullable Ending ending;

  /** What the status says; null: the job begins. */
  Tally(JobWorkload job, @Nullable JobStatus before) {
    this.job = job;
    succeeded = RunSet.parse(before == null ? null : before.succeededRuns());
    failed = RunSet.parse(before == null ? null : before.failedRuns());
    ignored = RunSet.parse(before == null ? null : before.ignoredRuns());
    indexes = RunSet.parse(before == null ? null : before.completedIndexes());
    @Nullable Integer inARow = before == null ? null : before.failuresInARow();
    failuresInARow = inARow == null ? 0 : inARow;
    @Nullable String last = before == null ? null : before.lastFailureTime();
    lastFailure = last == null ? null : Instant.parse(last);
    next = before == null ? 0 : begun(before);
  }

  /** How many runs there were: numbers have no gaps, and what was active is not counted yet. */
  private int begun(JobStatus before) {
    @Nullable Integer active = before.active();
    return succeeded.size() + failed.size() + ignored.size() + (active == null ? 0 : active);
  }

  /** Takes in what the instances say. */
  void count(List<Run> runs, boolean begins, Instant now) {
    if (lastFailure != null && lastFailure.isAfter(now)) lastFailure = now; // our clock went back
    var seen = new HashSet<Integer>();
    int firstOfOurs = next;
    for (var run : runs) {
      seen.add(run.number());
      next = Math.max(next, run.number() + 1);
      // A job that begins has stopped nothing yet: this was a namesake's.
      if (begins && run.stopping()) firstOfOurs = Math.max(firstOfOurs, run.number() + 1);
    }
    for (int number = 0; number < next; number++) {
      if (isCounted(number) || seen.contains(number)) continue;
      if (begins && number < firstOfOurs) ignored.add(number);
      else failed.add(number);
    }
    runs.stream()
        .filter(run -> run.state() != Run.State.ACTIVE && !isCounted(run.number()))
        .sorted(Comparator.comparing((Run run) -> endOf(run, now)).thenComparingInt(Run::number))
        .forEach(run -> {
          if (begins && run.stopping()) ignored.add(run.number());
          else if (run.state() == Run.State.SUCCEEDED) succeed(run);
          else fail(run, now);
        });
  }

  private void succeed(Run run) {
    succeeded.add(run.number());
    @Nullable Integer index = run.index();
    if (index != null && isIndexed()) indexes.add(index);
    failuresInARow = 0;
  }

  private void fail(Run run, Instant now) {
    var judgement = FailureRules.of(job.failurePolicy(), run.end());
    delayAfter(run, now);
    switch (judgement.action()) {
      case Ignore -> ignored.add(run.number());
      case Count -> failed.add(run.number());
      case FailJob -> {
        failed.add(run.number());
        if (ending == null)
          ending = new Ending(Reasons.FAILURE_POLICY, words(run, judgement.rule()));
      }
    }
  }

  private static String words(Run run, int rule) {
    Run.End end = Objects.requireNonNull(run.end(), "a rule that fits has seen the run's end");
    return "%s failed with %s, matching FailJob rule at index %d."
        .formatted(
            run.words(),
            end.exitCode() == null ? "reason " + end.reason() : "exit code " + end.exitCode(),
            rule);
  }

  /** A run that was taken away has not shown that the next one would fail. */
  private void delayAfter(Run run, Instant now) {
    Run.@Nullable End end = run.end();
    if (end == null || end.at() == null) return;
    Instant at = endOf(run, now);
    failuresInARow++;
    if (lastFailure == null || at.isAfter(lastFailure)) lastFailure = at;
  }

  /** By our clock: an agent's may be ahead, and would make the wait longer. */
  private static Instant endOf(Run run, Instant now) {
    Run.@Nullable End end = run.end();
    @Nullable Instant at = end == null ? null : end.at();
    return at == null || at.isAfter(now) ? now : at;
  }

  /** A run that is to be stopped and counts neither way. */
  void ignore(Run run) {
    ignored.add(run.number());
  }

  /** A run that is to be stopped because the job has failed. */
  void giveUp(Run run) {
    failed.add(run.number());
  }

  boolean isCounted(int number) {
    return succeeded.contains(number) || failed.contains(number) || ignored.contains(number);
  }

  boolean isIndexed() {
    return job.completionMode() == CompletionMode.Indexed;
  }

  boolean isDone(int index) {
    return indexes.contains(index);
  }

  int succeeded() {
    return isIndexed() ? indexes.size() : succeeded.size();
  }

  int failed() {
    return failed.size();
  }

  int failuresInARow() {
    return failuresInARow;
  }

  @Nullable Instant lastFailure() {
    return lastFailure;
  }

  /** The number that the next run gets. */
  int next() {
    return next;
  }

  /** Why a rule of failurePolicy ends the job; null: none does. */
  @Nullable Ending ending() {
    return ending;
  }

  JobStatus status(int active, @Nullable Instant start, @Nullable Instant completion) {
    return new JobStatus(
        active,
        succeeded(),
        failed(),
        start == null ? null : start.toString(),
        completion == null ? null : completion.truncatedTo(ChronoUnit.SECONDS).toString(),
        textOrNull(succeeded),
        textOrNull(failed),
        textOrNull(ignored),
        textOrNull(indexes),
        failuresInARow == 0 ? null : failuresInARow,
        failuresInARow == 0 || lastFailure == null
            ? null
            : lastFailure.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static @Nullable String textOrNull(RunSet set) {
    return set.size() == 0 ? null : set.toString();
  }
}
