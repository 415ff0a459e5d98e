package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Disruption;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.operator.instance.Instance;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many instances apps can do without now, by their {@code disruption.maxUnavailable}, as a
 * PodDisruptionBudget says it. Of one plan; used by one thread.
 */
final class Budgets {
  private final BiFunction<String, String, OptionalInt> spare;
  private final Map<String, OptionalInt> left = new HashMap<>();

  /**
   * Knows nothing yet.
   *
   * @param spare asked once for each app, by namespace and name: empty where it sets no limit
   */
  Budgets(BiFunction<String, String, OptionalInt> spare) {
    this.spare = spare;
  }

  /** Those of {@code going} that their apps can not do without, should those before them go. */
  Set<Instance> violated(List<Instance> going) {
    var taken = new HashMap<String, Integer>();
    var violated = new LinkedHashSet<Instance>();
    for (var instance : going) {
      var limit = left(instance);
      if (!instance.ready() || limit.isEmpty()) continue; // it serves nobody anyway
      if (taken.merge(app(instance), 1, Integer::sum) > limit.getAsInt()) violated.add(instance);
    }
    return violated;
  }

  /** They go. */
  void take(List<Instance> victims) {
    for (var instance : victims) {
      var limit = left(instance);
      if (instance.ready() && limit.isPresent())
        left.put(app(instance), OptionalInt.of(limit.getAsInt() - 1));
    }
  }

  private OptionalInt left(Instance instance) {
    return left.computeIfAbsent(
        app(instance),
        key -> spare.apply(instance.namespace(), instance.object().getSpec().appName()));
  }

  private static String app(Instance instance) {
    return instance.namespace() + "/" + instance.object().getSpec().appName();
  }

  /**
   * What an app can do without; empty where it sets no limit.
   *
   * @param serves whether an instance of the app does
   */
  static OptionalInt spare(
      Optional<WasmApp> app, List<Instance> instances, Predicate<Instance> serves) {
    if (app.isEmpty()) return OptionalInt.empty();
    var spec = app.get().getSpec();
    @Nullable Disruption disruption = spec.disruption();
    if (disruption == null || disruption.maxUnavailable() == null) return OptionalInt.empty();
    var wanted = Wanted.of(spec, false, true, false);
    int serving = (int) instances.stream().filter(serves).count();
    return OptionalInt.of(Math.max(0, serving - (wanted.replicas() - wanted.drained())));
  }
}
