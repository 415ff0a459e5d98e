package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.job.Ending;
import dev.dunlin.operator.job.JobProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plan for a job. A changed template is a new job: what was of the old one goes, and the counts
 * begin anew.
 */
final class JobPlan {

  /** The end of a job is said, for those who wait for it, before the job is deleted. */
  private static final Duration UNTIL_STORED = Duration.ofMillis(100);

  static WasmAppPlan of(WasmAppState state, JobWorkload job) {
    var ofOther =
        state.instances().stream().filter(i -> !i.revision().equals(state.revision())).toList();
    if (!(state.image() instanceof Resolution.Resolved resolved))
      return plan(state, new Going(state, ofOther), WasmAppPlan.retryImage(state));

    @Nullable JobStatus before = state.rolledTo() ? state.status().job() : null;
    var runs =
        state.instances().stream()
            .filter(i -> i.revision().equals(state.revision()) && i.run().isPresent())
            .toList();
    var progress =
        JobProgress.of(
            job,
            before,
            before == null ? null : failing(state),
            runs.stream().map(i -> JobRuns.run(state, i)).toList(),
            state.now(),
            state.retryDelay());

    var create = new ArrayList<WasmInstance>();
    var seats = new Seats(state);
    for (String node : seats.current(resolved, progress.start().size()))
      create.add(run(state, resolved, node, progress.start().get(create.size()), progress, job));
    var said = progress.started(job, create.size());

    var going = new ArrayList<>(ofOther);
    runs.stream()
        .filter(i -> progress.remove().contains(i.run().orElseThrow()))
        .forEach(going::add);
    boolean isStored = before != null && before.completionTime() != null;
    runs.stream().filter(i -> !i.finished() && state.mustLeave(i)).forEach(going::add);
    var left = timeToLive(job, said, state.now());
    boolean over = isStored && left.isPresent() && !left.get().isPositive();
    var plan =
        plan(
            state,
            new Going(state, going),
            create,
            said,
            seats.placement(),
            Stream.of(
                    left.map(it -> it.isPositive() ? it : UNTIL_STORED).or(said::recheckAfter),
                    state.untilNextLeaves())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder()));
    return over ? deleteApp(plan) : plan;
  }

  private static WasmInstance run(
      WasmAppState state,
      Resolution.Resolved image,
      String node,
      JobProgress.Start start,
      JobProgress progress,
      JobWorkload job) {
    @Nullable String begun = progress.status().startTime();
    @Nullable Instant deadline =
        JobProgress.deadline(job, begun == null ? null : Instant.parse(begun));
    var run = new JobRun(deadline == null ? null : deadline.toString(), start.index());
    return Template.run(
        state.app(), state.revision(), image, node, start.number(), run, state.standing().value());
  }

  /** Why the job has failed, where a pass before this one has said so. */
  private static @Nullable Ending failing(WasmAppState state) {
    return state
        .condition(JobConditions.FAILURE_TARGET)
        .filter(Condition::isTrue)
        .map(c -> new Ending(c.reason(), c.message()))
        .orElse(null);
  }

  /** How long the app is kept after its end; empty while it runs, or for ever. */
  private static Optional<Duration> timeToLive(JobWorkload job, JobProgress progress, Instant now) {
    @Nullable Integer seconds = job.ttlSecondsAfterFinished();
    @Nullable String ended = progress.status().completionTime();
    if (seconds == null || ended == null) return Optional.empty();
    return Optional.of(Duration.between(now, Instant.parse(ended).plusSeconds(seconds)));
  }

  /** What goes: in peace, or without its agent where the node is lost. */
  private record Going(List<Instance> delete, List<Instance> forget) {
    Going(WasmAppState state, List<Instance> all) {
      this(
          all.stream().distinct().filter(i -> !i.terminating() && !state.isLost(i)).toList(),
          all.stream().filter(state::isLost).toList());
    }
  }

  private static WasmAppPlan plan(WasmAppState state, Going going, Optional<Duration> lookAgain) {
    return plan(state, going, List.of(), null, Seating.NONE, lookAgain);
  }

  private static WasmAppPlan plan(
      WasmAppState state,
      Going going,
      List<WasmInstance> create,
      @Nullable JobProgress progress,
      Seating placement,
      Optional<Duration> lookAgain) {
    return new WasmAppPlan(
        create,
        going.delete(),
        going.forget(),
        null,
        null,
        WasmAppPlan.unwanted(state),
        placement,
        progress,
        false,
        false,
        lookAgain);
  }

  private static WasmAppPlan deleteApp(WasmAppPlan plan) {
    return new WasmAppPlan(
        plan.create(),
        plan.delete(),
        plan.forget(),
        null,
        null,
        plan.drop(),
        plan.placement(),
        plan.job(),
        false,
        true,
        Optional.empty());
  }

  private JobPlan() {}
}
