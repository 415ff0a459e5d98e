package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmAppStatus;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.instance.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a roll-out is getting on. Pure.
 *
 * @param complete whether all that runs is what is to run, and enough of it is, or was, available
 * @param last when it last got further; empty when it is complete, or waits for somebody
 */
record Progress(boolean complete, Optional<Instant> last) {

  static Progress of(WasmAppState state) {
    var trial = Trial.of(state);
    if (trial.isPresent()) return new Progress(false, trial.get().lastProgress(state));
    var alive = state.alive();
    var current = alive.stream().filter(state::isCurrent).toList();
    boolean only = current.size() == alive.size();
    boolean complete =
        state.target().hold() == Target.Hold.NONE
            && state.image() instanceof Resolution.Resolved
            && only
            && (count(state, current) >= state.replicas() || wasComplete(state));
    return new Progress(complete, complete ? Optional.empty() : last(state, alive, current));
  }

  /** What was rolled out stays so when an instance is lost: that is not the roll-out's matter. */
  private static boolean wasComplete(WasmAppState state) {
    return state.rolledTo()
        && state
            .condition(Conditions.PROGRESSING)
            .filter(it -> it.reason().equals(Reasons.ROLLED_OUT))
            .isPresent();
  }

  private static long count(WasmAppState state, List<Instance> instances) {
    return instances.stream().filter(state::isAvailable).count();
  }

  private static Optional<Instant> last(
      WasmAppState state, List<Instance> alive, List<Instance> current) {
    return switch (state.target().hold()) {
      case PAUSED, NO_SUCH_REVISION -> Optional.empty();
      case NONE, SETTLING, READING_CONFIG -> {
        @Nullable String before = state.status().lastProgressTime();
        boolean asked =
            !Objects.equals(
                state.status().observedGeneration(), state.app().getMetadata().getGeneration());
        yield Optional.of(
            before == null || asked || (!state.isAtZero() && isFurther(state, alive, current))
                ? state.now()
                : Instant.parse(before));
      }
    };
  }

  /** As a Deployment sees it: more that is new, ready or available, or less that is old. */
  private static boolean isFurther(
      WasmAppState state, List<Instance> alive, List<Instance> current) {
    WasmAppStatus before = state.status();
    int updated = orZero(before.updatedReplicas());
    return current.size() > updated
        || alive.size() - current.size() < orZero(before.replicas()) - updated
        || alive.stream().filter(state::isReady).count() > orZero(before.readyReplicas())
        || count(state, alive) > orZero(before.availableReplicas());
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  /** Whether it has not got further for as long as it may take. */
  boolean isOverdue(WasmAppState state) {
    return left(state).filter(it -> !it.isPositive()).isPresent();
  }

  /** When time alone will make it overdue. */
  Optional<Duration> untilOverdue(WasmAppState state) {
    return left(state).filter(Duration::isPositive);
  }

  private Optional<Duration> left(WasmAppState state) {
    return last.map(it ->
        Duration.between(state.now(), it.plusSeconds(state.spec().progressDeadlineSeconds())));
  }
}
