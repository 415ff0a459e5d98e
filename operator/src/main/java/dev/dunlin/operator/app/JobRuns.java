package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.JobRun;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.job.Run;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an instance says of the run that it is. */
final class JobRuns {

  /** A run that its user or its node has ended before its time has failed. */
  static Run run(WasmAppState state, Instance instance) {
    boolean finished = instance.finished();
    boolean lost = state.isLost(instance);
    @Nullable JobRun told = instance.object().getSpec().job();
    var runState =
        instance.phase() == InstancePhase.Succeeded
            ? Run.State.SUCCEEDED
            : finished || lost || instance.terminating() ? Run.State.FAILED : Run.State.ACTIVE;
    return new Run(
        instance.run().orElseThrow(),
        told == null ? null : told.index(),
        runState,
        instance.terminating(),
        !finished && !lost,
        lost && (!finished || instance.terminating()),
        runState == Run.State.ACTIVE ? null : end(instance, told, lost && !finished));
  }

  private static Run.End end(Instance instance, @Nullable JobRun told, boolean lost) {
    @Nullable Termination end = instance.lastTermination();
    if (lost) return new Run.End(Reasons.NODE_LOST, null, null, null);
    if (end == null) return new Run.End(Reasons.STOPPED, null, null, null);
    boolean late = end.reason().equals(Reasons.DEADLINE_EXCEEDED);
    return new Run.End(
        end.reason(),
        end.exitCode(),
        time(end.finishedAt()),
        late && told != null ? time(told.deadline()) : null);
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private JobRuns() {}
}
