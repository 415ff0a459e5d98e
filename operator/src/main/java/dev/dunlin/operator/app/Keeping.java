package dev.dunlin.operator.app;

import dev.dunlin.api.v1alpha1.RollbackTo;
import dev.dunlin.operator.image.Resolution.Resolved;
import dev.dunlin.operator.instance.Instance;
import dev.dunlin.operator.revision.KeptRevision;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which templates of an app are to be kept. Pure.
 *
 * @param number of what is to run; empty while it has none
 * @param write what is to be written
 * @param prune what is to be kept no longer
 */
record Keeping(Optional<Long> number, Optional<KeptRevision> write, List<KeptRevision> prune) {
  static final Keeping NOTHING = new Keeping(Optional.empty(), Optional.empty(), List.of());

  /**
   * Decides it.
   *
   * @param complete whether everything is rolled out
   */
  static Keeping of(WasmAppState state, Resolved image, boolean complete) {
    var history = state.history();
    var known = history.of(state.template());
    var number = known.map(KeptRevision::number);
    if (state.target().hold() != Target.Hold.NONE)
      return new Keeping(number, Optional.empty(), List.of());
    var prune = prune(state);
    boolean pinned = state.spec().rollbackTo() != null;
    if (pinned || history.isNewest(state.template()))
      return new Keeping(number, Optional.empty(), prune);
    var write = history.rollOut(kept(state, image));
    // The first may wait until the app is ready, or is told of: its spec has it until then.
    boolean early =
        history.kept().isEmpty() && state.status().observedGeneration() == null && !complete;
    return new Keeping(
        Optional.of(write.number()), early ? Optional.empty() : Optional.of(write), prune);
  }

  private static KeptRevision kept(WasmAppState state, Resolved image) {
    var meta = state.app().getMetadata();
    return new KeptRevision(
        meta.getNamespace(),
        meta.getName(),
        meta.getUid(),
        state.template(),
        0,
        Optional.of(image),
        Revision.kept(state.spec()));
  }

  private static List<KeptRevision> prune(WasmAppState state) {
    var used = new HashSet<String>();
    state.instances().stream().map(Instance::template).forEach(used::add);
    @Nullable String last = state.status().revision();
    if (last != null) used.add(last);
    @Nullable String serving = state.status().currentRevision();
    if (serving != null) used.add(serving);
    @Nullable RollbackTo pin = state.spec().rollbackTo();
    if (pin != null) used.add(state.template());
    used.add(Revision.of(state.app().getSpec()));
    return state
        .history()
        .surplus(state.template(), state.spec().revisionHistoryLimit(), used::contains);
  }
}
