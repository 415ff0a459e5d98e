package dev.dunlin.operator.cache;

import dev.dunlin.operator.placement.Priority;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What priorities the names of PriorityClasses stand for. */
public record PriorityClasses(Watched<PriorityClass> classes) {
  private static final String NEVER = "Never";

  /** That of a class; of the cluster's default where none is named. Empty where it is not there. */
  public Optional<Priority> of(@Nullable String name) {
    if (name == null || name.isEmpty()) return Optional.of(byDefault());
    return Optional.ofNullable(classes.get(null, name)).map(PriorityClasses::priority);
  }

  /** Of several defaults the lowest counts, as in the API server. */
  private Priority byDefault() {
    return classes
        .list()
        .filter(it -> Boolean.TRUE.equals(it.getGlobalDefault()))
        .map(PriorityClasses::priority)
        .min(Comparator.comparingInt(Priority::value))
        .orElse(Priority.NORMAL);
  }

  private static Priority priority(PriorityClass object) {
    @Nullable Integer value = object.getValue();
    return new Priority(value == null ? 0 : value, !NEVER.equals(object.getPreemptionPolicy()));
  }
}
