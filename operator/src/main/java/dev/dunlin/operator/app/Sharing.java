package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.Api;
import dev.dunlin.api.v1alpha1.CanaryStatus;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.canary.Shares;
import dev.dunlin.operator.canary.Weighing;
import dev.dunlin.operator.instance.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an app's requests are shared out between revisions. Pure.
 *
 * @param weights what instances are to say, in that order
 * @param status of the canary; null where there is none
 * @param delete instances of a template that is tried no more
 */
record Sharing(List<Weighing> weights, @Nullable CanaryStatus status, List<Instance> delete) {
  static final Sharing NONE = new Sharing(List.of(), null, List.of());

  Sharing {
    weights = List.copyOf(weights);
    delete = List.copyOf(delete);
  }

  /**
   * While no template is tried: what was tried last goes at once, and only then the shares do. One
   * that has all its steps behind it keeps its share until it is rolled out wholly.
   */
  static Sharing afterTrial(WasmAppState state, boolean complete) {
    @Nullable CanaryStatus before = state.canary().status();
    var alive = state.alive();
    boolean promoted = state.canary().promotes(state.revision());
    if (promoted && !complete) return new Sharing(List.of(), before, List.of());
    var promotion = Trial.promoted(state);
    if (promotion.isPresent()) return new Sharing(List.of(), promotion.get(), List.of());
    var tried = alive.stream().filter(i -> wasTried(before, i) && !state.isCurrent(i)).toList();
    return tried.isEmpty()
        ? new Sharing(Shares.off(alive, state::isCurrent), null, List.of())
        : new Sharing(List.of(), before, tried);
  }

  private static boolean wasTried(@Nullable CanaryStatus before, Instance instance) {
    return before != null
        && !Boolean.TRUE.equals(before.promoted())
        && before.isOf(instance.revision());
  }

  /** Makes an instance say its share from the start. */
  static void weigh(WasmInstance made, int weight) {
    @Nullable Map<String, String> before = made.getMetadata().getAnnotations();
    var annotations = new TreeMap<>(before == null ? Map.of() : before);
    annotations.put(Api.WEIGHT_ANNOTATION, String.valueOf(weight));
    made.getMetadata().setAnnotations(annotations);
  }

  Optional<CanaryStatus> said() {
    return Optional.ofNullable(status);
  }
}
