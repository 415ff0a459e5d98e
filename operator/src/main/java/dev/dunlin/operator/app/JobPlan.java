package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.JobStatus;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.job.JobProgress;
import dev.dunlin.operator.job.Run;
import dev.dunlin.operator.placement.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plan for a job. A changed template is a new job: what was of the old one goes, and the counts
 * begin anew.
 */
final class JobPlan {

  static WasmAppPlan of(WasmAppState state, JobWorkload job) {
    var ofOther =
        state.alive().stream().filter(i -> !i.revision().equals(state.revision())).toList();
    if (!(state.image() instanceof Resolution.Resolved resolved))
      return plan(
          state, List.of(), ofOther, null, Placement.NOTHING, WasmAppPlan.retryImage(state));

    @Nullable JobStatus before = state.rolledTo() ? state.status().job() : null;
    var ofThis =
        state.instances().stream().filter(i -> i.revision().equals(state.revision())).toList();
    var runs = ofThis.stream().flatMap(i -> run(state, i)).toList();
    var progress = JobProgress.of(job, before, runs, state.now(), state.retryDelay());
    var delete = new ArrayList<>(ofOther);
    if (progress.outcome() != JobProgress.Outcome.RUNNING)
      state.alive().stream()
          .filter(Predicate.not(Instance::finished))
          .filter(i -> !delete.contains(i))
          .forEach(delete::add);

    var seats = new Seats(state);
    var create = new ArrayList<WasmInstance>();
    var started = Instant.parse(String.valueOf(progress.status().startTime()));
    @Nullable Instant deadline = JobProgress.deadline(job, started);
    var run = new JobRun(deadline == null ? null : deadline.toString(), null);
    var numbers = progress.start().iterator();
    for (String node : seats.current(resolved, progress.start().size()))
      create.add(Template.run(state.app(), state.revision(), resolved, node, numbers.next(), run));

    var left = timeToLive(job, progress, state.now());
    boolean over = left.isPresent() && !left.get().isPositive();
    var plan =
        plan(state, create, delete, progress, seats.placement(), left.or(progress::recheckAfter));
    return over ? deleteApp(plan) : plan;
  }

  /** A run that its app, its user or its node has ended before its time has failed. */
  private static Stream<Run> run(WasmAppState state, Instance instance) {
    if (instance.run().isEmpty()) return Stream.empty();
    var lost = instance.terminating() || state.isLost(instance);
    var runState =
        switch (instance.phase()) {
          case InstancePhase.Succeeded -> Run.State.SUCCEEDED;
          case InstancePhase.Failed -> Run.State.FAILED;
          case InstancePhase.Pending, InstancePhase.Running ->
              lost ? Run.State.FAILED : Run.State.ACTIVE;
        };
    @Nullable Termination end = instance.lastTermination();
    @Nullable String finishedAt = end == null ? null : end.finishedAt();
    return Stream.of(
        new Run(
            instance.run().getAsInt(),
            runState,
            finishedAt == null ? null : Instant.parse(finishedAt),
            runState == Run.State.FAILED ? deadline(instance, end) : null));
  }

  private static @Nullable Instant deadline(Instance instance, @Nullable Termination end) {
    @Nullable JobRun told = instance.object().getSpec().job();
    if (end == null || !end.reason().equals(Reasons.DEADLINE_EXCEEDED)) return null;
    @Nullable String deadline = told == null ? null : told.deadline();
    return deadline == null ? null : Instant.parse(deadline);
  }

  /** How long the app is kept after its end; empty while it runs, or for ever. */
  private static Optional<Duration> timeToLive(JobWorkload job, JobProgress progress, Instant now) {
    @Nullable Integer seconds = job.ttlSecondsAfterFinished();
    @Nullable String ended = progress.status().completionTime();
    if (seconds == null || ended == null) return Optional.empty();
    return Optional.of(Duration.between(now, Instant.parse(ended).plusSeconds(seconds)));
  }

  /** What ended before its node was lost is the record of a run, and stays. */
  private static List<Instance> forget(WasmAppState state) {
    return WasmAppPlan.forget(state).stream()
        .filter(i -> i.terminating() || !i.finished())
        .toList();
  }

  private static WasmAppPlan plan(
      WasmAppState state,
      List<WasmInstance> create,
      List<Instance> delete,
      @Nullable JobProgress progress,
      Placement placement,
      Optional<Duration> lookAgain) {
    return new WasmAppPlan(
        create,
        delete,
        forget(state),
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
