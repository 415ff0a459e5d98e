package dev.dunlin.operator.job;

import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster with one job in it, for tests: what is stored survives, and the operator can die after
 * any of its writes.
 */
final class JobCluster {
  static final Duration RETRY = Duration.ofSeconds(10);

  /** The operator is gone, and another one takes over. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** How the guest of a run ends. */
  record Fate(Run.State state, String reason, int exitCode) {
    static final Fate WELL = new Fate(Run.State.SUCCEEDED, "Completed", 0);
    static final Fate BADLY = new Fate(Run.State.FAILED, "Error", 1);
  }

  private final Function<Run, Fate> fates;
  JobWorkload job;
  @Nullable JobStatus stored;
  private @Nullable Ending failing;
  Instant now = Instant.parse("2026-01-01T12:00:00Z");
  final Map<Integer, Run> instances = new TreeMap<>();
  final Set<Integer> begun = new HashSet<>();
  final List<Run> wellEnded = new ArrayList<>();
  int creations;
  int deletions;
  int statusWrites;
  int mostInstances;
  int mostAtWork;

  /** Writes until the operator dies. */
  int livesFor = Integer.MAX_VALUE;

  JobCluster(JobWorkload job, Function<Run, Fate> fates) {
    this.job = job;
    this.fates = fates;
  }

  /** One pass, as the operator does it: what is to be made and deleted, and then the status. */
  JobProgress pass() {
    var progress =
        JobProgress.of(job, stored, failing, List.copyOf(instances.values()), now, RETRY);
    for (var start : progress.start()) {
      creations++;
      instances.put(start.number(), Run.active(start.number(), start.index()));
      if (!begun.add(start.number()))
        throw new AssertionError("run %d was begun twice".formatted(start.number()));
      wrote();
    }
    mostInstances = Math.max(mostInstances, instances.size());
    mostAtWork = Math.max(mostAtWork, atWork());
    for (int number : progress.remove()) {
      if (instances.containsKey(number)) {
        deletions++;
        instances.remove(number); // its agent stops it at once
        wrote();
      }
    }
    var said = progress.started(job, progress.start().size());
    if (!said.status().equals(stored)) {
      statusWrites++;
      stored = said.status();
      failing =
          said.outcome() == JobProgress.Outcome.FAILING
              ? new Ending(said.reason(), said.message())
              : failing;
      wrote();
    }
    return said;
  }

  private void wrote() {
    if (livesFor != Integer.MAX_VALUE && --livesFor == 0) {
      livesFor = Integer.MAX_VALUE;
      throw new Died();
    }
  }

  int writes() {
    return creations + deletions + statusWrites;
  }

  int atWork() {
    return (int) instances.values().stream().filter(Run::working).count();
  }

  /** All guests that run come to their end. */
  void guestsEnd() {
    for (var run : List.copyOf(instances.values())) {
      if (!run.working()) continue;
      var fate = fates.apply(run);
      var end = new Run.End(fate.reason(), fate.exitCode(), now, null);
      var ended = new Run(run.number(), run.index(), fate.state(), false, false, false, end);
      instances.put(run.number(), ended);
      if (fate.state() == Run.State.SUCCEEDED) wellEnded.add(ended);
    }
  }

  /** Passes and ends of guests in turn, until the job is over or that much time is. */
  JobProgress runOn(Duration within) {
    var until = now.plus(within);
    while (true) {
      JobProgress progress;
      try {
        progress = pass();
      } catch (Died gone) {
        continue;
      }
      boolean over = progress.status().completionTime() != null;
      if (over && progress.remove().isEmpty()) return progress;
      if (now.isAfter(until)) return progress;
      now = now.plus(progress.recheckAfter().orElse(Duration.ofSeconds(1)));
      guestsEnd();
    }
  }
}
