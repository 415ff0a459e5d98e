package dev.dunlin.operator.scale;

import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmAppSpec;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The way from one instance to none and back, which a HorizontalPodAutoscaler does not go before
 * Kubernetes 1.37: pure.
 *
 * <p>At none one instance is kept all the same, the standby: idle, so that it costs next to
 * nothing, and on an agent, so that somebody holds the app's port. The first request wakes it, and
 * it is the one instance that {@code replicas: 1} asks for then.
 */
public final class ZeroWay {
  private static final int IDLE_AFTER_SECONDS = 300;

  /** Whether the app may be without instances while nobody asks for it. */
  public static boolean isOpen(WasmAppSpec spec) {
    return spec.autoscaling() != null
        && spec.autoscaling().minReplicas() == 0
        && spec.workload() instanceof HttpWorkload;
  }

  /** Whether it is so now: what there is of it stands by. */
  public static boolean isAtZero(WasmAppSpec spec) {
    return spec.replicas() == 0 && isOpen(spec);
  }

  /** How many instances there are to be, the standby counted. */
  public static int instances(WasmAppSpec spec) {
    return isAtZero(spec) ? 1 : spec.replicas();
  }

  /** After how long without requests its instances are idle; null: as the agent has it. */
  public static @Nullable Integer idleAfterSeconds(WasmAppSpec spec, HttpWorkload http) {
    return http.idleAfterSeconds() == null && isOpen(spec)
        ? Integer.valueOf(IDLE_AFTER_SECONDS)
        : http.idleAfterSeconds();
  }

  /**
   * What {@code replicas} should be written as; empty: as it is.
   *
   * @param asked how many the autoscaler wants by its last word; empty: it has not spoken
   * @param at what the app's instances do
   */
  public static OptionalInt replicas(WasmAppSpec spec, OptionalInt asked, Activity at) {
    if (!isOpen(spec)) return OptionalInt.empty();
    boolean atMinimum = spec.replicas() == 1 && asked.orElse(1) <= 1;
    if (atMinimum && at.ready() > 0 && at.idle() == at.ready()) return OptionalInt.of(0);
    return spec.replicas() == 0 && at.serving() > 0 ? OptionalInt.of(1) : OptionalInt.empty();
  }

  private ZeroWay() {}
}
