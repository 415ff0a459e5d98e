package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.canary.Shares;
import dev.dunlin.operator.canary.Weighing;
import dev.dunlin.operator.image.Resolution;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.instance.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one pass does while a template is tried: for the stable one what it would do without, and
 * for the other one instance on each node where the stable one answers. Pure.
 */
final class TrialPlan {
  private final WasmAppState state;
  private final Trial trial;
  private final WasmAppPlan base;

  private TrialPlan(WasmAppState state, Trial trial) {
    this.state = state;
    this.trial = trial;
    base = WasmAppPlan.replicas(trial.stable());
  }

  static WasmAppPlan of(WasmAppState state, Trial trial) {
    return new TrialPlan(state, trial).plan();
  }

  private WasmAppPlan plan() {
    var going = going();
    var delete = new ArrayList<>(going); // before the stable one's, whose requests they would get
    delete.addAll(base.delete());
    var shares =
        new Shares(
            trial.next().weight(),
            state.revision(),
            trial.stable().revision(),
            state.alive().stream().filter(i -> !delete.contains(i)).toList());
    var seats = new Seats(state.with(trial.canaries()));
    base.create().forEach(seats::reserve);
    var create = new ArrayList<>(base.create());
    create.addAll(canaries(seats, create.size(), going));
    var forget = new ArrayList<>(base.forget());
    WasmAppPlan.forget(state).stream().filter(this::isTried).forEach(forget::add);
    boolean over = trial.failed() && state.instances().stream().noneMatch(this::isTried);
    if (!over)
      for (var made : create)
        Sharing.weigh(made, shares.of(made.getSpec().revision(), made.getSpec().nodeName()));
    return new WasmAppPlan(
            create,
            delete,
            forget,
            null,
            null,
            base.drop(),
            base.placement().and(seats.placement()),
            null,
            false,
            false,
            lookAgain(),
            state.image() instanceof Resolution.Resolved image
                ? Keeping.of(state, image, false)
                : Keeping.NOTHING)
        .with(
            new Sharing(
                over ? Shares.off(state.alive(), i -> false) : weights(shares, going),
                trial.next().status(),
                List.of()));
  }

  /** What fails is given nothing before it is taken away. */
  private List<Weighing> weights(Shares shares, List<Instance> going) {
    if (!trial.failed()) return shares.changes();
    var silenced =
        going.stream()
            .filter(i -> i.weight().orElse(0) > 0)
            .map(i -> new Weighing(i, OptionalInt.of(0)));
    return Stream.concat(silenced, shares.changes().stream()).toList();
  }

  private boolean isTried(Instance instance) {
    return instance.revision().equals(state.revision());
  }

  /** Tried instances that are to go: where the stable one is no more, or that are too many. */
  private List<Instance> going() {
    var staying =
        trial.stable().alive().stream()
            .filter(i -> !base.delete().contains(i))
            .map(Instance::node)
            .collect(Collectors.toCollection(HashSet::new));
    Set<String> taken = new HashSet<>();
    return state.alive().stream()
        .filter(this::isTried)
        .sorted(
            Comparator.comparing((Instance i) -> !state.isReady(i))
                .thenComparing(Instance::created)
                .thenComparing(Instance::name))
        .filter(i ->
            trial.failed()
                || !trial.canaries().contains(i)
                || !staying.contains(i.node())
                || !taken.add(i.node()))
        .toList();
  }

  private List<WasmInstance> canaries(Seats seats, int index, List<Instance> going) {
    @Nullable Resolved image = trial.failed() ? null : WasmAppPlan.known(state);
    if (image == null) return List.of();
    var there =
        state.alive().stream()
            .filter(i -> isTried(i) && !going.contains(i))
            .map(Instance::node)
            .collect(Collectors.toSet());
    var made = new ArrayList<WasmInstance>();
    for (String node : trial.hosts())
      if (!there.contains(node) && seats.on(image, node))
        made.add(
            Template.instance(
                state.app(),
                state.target(),
                image,
                state.port(),
                node,
                state.standing().value(),
                Revision.suffix(state.salt(), index + made.size())));
    return made;
  }

  private Optional<Duration> lookAgain() {
    return Stream.of(
            base.lookAgain(),
            WasmAppPlan.lookAgain(state, Progress.of(state)),
            trial.lookAgain(state))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }
}
