package dev.dunlin.operator.app;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import dev.dunlin.api.v1alpha1.Canary;
import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.Strategy;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import dev.dunlin.operator.canary.CanaryPlan;
import dev.dunlin.operator.instance.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A template that is tried, or was found bad, beside the one that was rolled out before: that one
 * is looked after as if it were what is to run. Pure.
 *
 * @param stable the same moment as it is without the canary
 * @param hosts nodes where the stable revision answers
 * @param canaries instances that are tried and there to stay
 * @param ready whether they are available on all hosts
 * @param next how it goes on
 */
record Trial(
    WasmAppState stable,
    Set<String> hosts,
    List<Instance> canaries,
    boolean ready,
    CanaryPlan.Next next) {

  /** The trial that is under way, is to begin, or failed; empty where there is none. */
  static Optional<Trial> of(WasmAppState state) {
    return decided(state).filter(it -> !(it.next instanceof CanaryPlan.Next.Promote));
  }

  /** How it is once all steps are over, in the pass that finds them so. */
  static Optional<CanaryStatus> promoted(WasmAppState state) {
    return decided(state)
        .map(Trial::next)
        .filter(CanaryPlan.Next.Promote.class::isInstance)
        .map(CanaryPlan.Next::status);
  }

  private static Optional<Trial> decided(WasmAppState state) {
    @Nullable Canary canary = canary(state.spec());
    var view = state.canary();
    boolean begun = view.knows(state.revision());
    var hold = state.target().hold();
    boolean pinned = state.spec().rollbackTo() != null && hold == Target.Hold.NONE;
    if (canary == null || view.stable().isEmpty() || pinned || view.promotes(state.revision()))
      return Optional.empty();
    var stable = stable(state, view.stable().get());
    var hosts =
        stable.alive().stream()
            .filter(i -> stable.isReady(i) && !stable.isLeaving(i))
            .map(Instance::node)
            .collect(toCollection(TreeSet::new));
    if (!begun && (hold != Target.Hold.NONE || hosts.isEmpty())) return Optional.empty();
    var canaries = state.alive().stream().filter(i -> state.isCurrent(i) && !i.evicted()).toList();
    var served = canaries.stream().filter(state::isAvailable).map(Instance::node).collect(toSet());
    boolean ready = !hosts.isEmpty() && served.containsAll(hosts);
    var next =
        CanaryPlan.next(
            canary,
            view.status(),
            state.revision(),
            ready,
            hold != Target.Hold.NONE,
            view.findings(),
            state.now());
    return Optional.of(new Trial(stable, hosts, canaries, ready, next));
  }

  /** How an app's templates are tried; null where they are not. */
  static @Nullable Canary canary(WasmAppSpec spec) {
    @Nullable Strategy strategy = spec.strategy();
    return strategy != null && spec.workload() instanceof HttpWorkload ? strategy.canary() : null;
  }

  private static WasmAppState stable(WasmAppState state, CanaryView.Stable stable) {
    return state.running(
        stable.target(),
        stable.image(),
        stable.standing(),
        state.instances().stream().filter(i -> !i.revision().equals(state.revision())).toList());
  }

  boolean failed() {
    return next instanceof CanaryPlan.Next.Fail;
  }

  /** Whether it goes by its steps. */
  boolean steps() {
    return !failed() && next.status().step() != null;
  }

  /** Whether a step is only not over because it is not known how it went. */
  boolean waitsForFigures() {
    return next instanceof CanaryPlan.Next.Try trying && trying.unjudged();
  }

  /**
   * When it last got further, while it is not ready; empty where it is, or waits for somebody.
   *
   * @param state with it
   */
  Optional<Instant> lastProgress(WasmAppState state) {
    if (failed() || ready || state.target().hold() != Target.Hold.NONE) return Optional.empty();
    var before = state.status();
    boolean asked =
        !Objects.equals(before.observedGeneration(), state.app().getMetadata().getGeneration());
    boolean further =
        canaries.size() > Objects.requireNonNullElse(before.updatedReplicas(), 0)
            || !state.canary().knows(state.revision());
    @Nullable String last = before.lastProgressTime();
    return Optional.of(last == null || asked || further ? state.now() : Instant.parse(last));
  }

  /** When time alone, or what agents count by then, may change it. */
  Optional<Duration> lookAgain(WasmAppState state) {
    if (!(next instanceof CanaryPlan.Next.Try trying)) return Optional.empty();
    @Nullable Canary canary = canary(state.spec());
    boolean judged = steps() && canary != null && canary.analysis() != null;
    if (!judged) return trying.lookAgain();
    var interval = state.canary().interval();
    return Optional.of(
        trying.lookAgain().filter(it -> it.compareTo(interval) < 0).orElse(interval));
  }

  /** Those that clients are to be led to: where the stable revision answers, if it does at all. */
  List<Instance> serving(List<Instance> staying) {
    var before = staying.stream().filter(i -> !canaries.contains(i)).toList();
    return before.stream().anyMatch(stable::isReady) ? before : staying;
  }
}
