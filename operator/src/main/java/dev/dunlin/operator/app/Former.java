package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.HttpWorkload;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.revision.KeptRevision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an app ran before the roll-out that is under way, by its ControllerRevision: so that it can
 * be made again when nothing is left to make it like. Pure.
 */
final class Former {
  private static final String NOWHERE = "";

  /** An instance of it, on no node; empty where nothing is being rolled out. */
  static Optional<Instance> of(WasmAppState state) {
    @Nullable String template = state.status().currentRevision();
    if (template == null || template.equals(state.template())) return Optional.empty();
    return state.history().of(template).flatMap(kept -> of(state, kept)).map(Instance::of);
  }

  private static Optional<WasmInstance> of(WasmAppState state, KeptRevision kept) {
    var target = Target.of(state.app().getSpec(), kept);
    boolean http = target.spec().workload() instanceof HttpWorkload;
    return http && state.port().isEmpty()
        ? Optional.empty()
        : kept.image().map(image -> instance(state, target, image));
  }

  private static WasmInstance instance(WasmAppState state, Target target, Resolved image) {
    return Template.instance(
        state.app(), target, image, state.port(), NOWHERE, state.standing().value(), NOWHERE);
  }

  private Former() {}
}
