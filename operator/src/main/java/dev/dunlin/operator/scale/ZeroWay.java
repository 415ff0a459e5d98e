package dev.dunlin.operator.scale;

import java.util.OptionalInt;

/**
 * The way from one instance to none and back, which a HorizontalPodAutoscaler does not go before
 * Kubernetes 1.37: pure.
 */
public final class ZeroWay {
  /**
   * What {@code replicas} should be written as; empty: as it is.
   *
   * @param mayBeZero whether the app's autoscaling has minReplicas 0
   * @param replicas of the app's spec
   * @param asked how many the autoscaler wants by its last word; empty: it has not spoken
   * @param present instances that are ready
   * @param idle of them: those without requests for idleAfterSeconds
   */
  public static OptionalInt replicas(
      boolean mayBeZero, int replicas, OptionalInt asked, int present, int idle) {
    if (!mayBeZero || present == 0) return OptionalInt.empty();
    boolean atMinimum = replicas == 1 && asked.orElse(1) <= 1;
    if (atMinimum && idle == present) return OptionalInt.of(0);
    return replicas == 0 && idle < present ? OptionalInt.of(1) : OptionalInt.empty();
  }

  private ZeroWay() {}
}
