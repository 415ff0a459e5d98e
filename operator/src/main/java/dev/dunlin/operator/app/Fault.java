package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.operator.instance.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What keeps an instance from being ready, in its agent's words. */
record Fault(String instance, String reason, String message) {
  /** Reasons of instances that are on their way. */
  private static final Set<String> ON_THE_WAY =
      Set.of(
          Reasons.PULLING,
          Reasons.COMPILING,
          Reasons.MODULE_LOADED,
          Reasons.SCHEDULED,
          Reasons.STARTED,
          Reasons.PROBING,
          Reasons.SERVING,
          Reasons.COMPLETED,
          Reasons.STOPPING);

  /** The fault of the oldest instance that has one. */
  static Optional<Fault> first(List<Instance> instances) {
    return instances.stream()
        .filter(i -> !i.ready())
        .sorted(Comparator.comparing(Instance::created).thenComparing(Instance::name))
        .flatMap(Fault::of)
        .findFirst();
  }

  /** Whether an instance does not get ready by itself, as far as its agent knows. */
  static boolean isIn(Instance instance) {
    return !instance.ready() && of(instance).findAny().isPresent();
  }

  private static Stream<Fault> of(Instance instance) {
    return Stream.of("Loaded", "Ready")
        .flatMap(type -> Condition.find(instance.conditions(), type).stream())
        .filter(c -> Condition.FALSE.equals(c.status()) && !ON_THE_WAY.contains(c.reason()))
        .map(c -> new Fault(instance.name(), c.reason(), c.message()))
        .limit(1);
  }

  String sentence() {
    return instance + ": " + (message.isBlank() ? reason : message);
  }
}
