package dev.dunlin.operator.scale;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.operator.instance.Instance;
import java.util.List;

/**
 * What the instances of an app do that are ready.
 *
 * @param ready how many they are
 * @param idle of them: those without a request for as long as the app says
 * @param serving of them: those that have had one since
 */
public record Activity(int ready, int idle, int serving) {
  private static final String IDLE = "Idle";

  /** As their agents say. */
  public static Activity of(List<Instance> ready) {
    return new Activity(ready.size(), count(ready, Condition.TRUE), count(ready, Condition.FALSE));
  }

  private static int count(List<Instance> instances, String status) {
    return (int)
        instances.stream()
            .filter(i ->
                Condition.find(i.conditions(), IDLE)
                    .filter(it -> it.status().equals(status))
                    .isPresent())
            .count();
  }
}
