package dev.dunlin.operator.app;

import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.placement.Priority;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How an app stands among the others.
 *
 * @param priority empty where its PriorityClass does not exist
 * @param lowest priority of any instance that runs
 * @param onNode what runs on a node, of all apps
 * @param spare how many instances an app can do without, by namespace and name; empty where it does
 *     not say
 */
record Standing(
    Optional<Priority> priority,
    int lowest,
    Function<String, List<Instance>> onNode,
    BiFunction<String, String, OptionalInt> spare) {

  /** What instances of the app are given. */
  int value() {
    return priority.map(Priority::value).orElse(0);
  }
}
