package dev.dunlin.operator.app;

import static dev.dunlin.api.v1alpha1.Condition.FALSE;
import static dev.dunlin.api.v1alpha1.Condition.TRUE;

import dev.dunlin.api.v1alpha1.Canary;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.operator.instance.Instance;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said of a template that is tried. Pure. */
final class TrialWords {

  /** The condition Progressing. */
  static Condition progressing(
      Trial trial, WasmAppState state, WasmAppPlan plan, Progress progress) {
    if (trial.failed())
      return Conditions.condition(
          Conditions.PROGRESSING, FALSE, Reasons.CANARY_FAILED, of(trial, state));
    if (trial.ready() && trial.steps())
      return Conditions.condition(
          Conditions.PROGRESSING, TRUE, Reasons.CANARY_STEP, of(trial, state));
    var obstacle = Conditions.obstacle(state, plan, trial.canaries());
    String ready = of(trial, state) + " " + ready(trial, state);
    String message = obstacle.map(o -> ready + ": " + o.message()).orElse(ready + ".");
    return Conditions.onTheWay(state, progress, obstacle, message);
  }

  /** How far it is, in a sentence or two. */
  static String of(Trial trial, WasmAppState state) {
    var status = trial.next().status();
    String stable = trial.stable().template();
    if (trial.failed())
      return "Revision %s was tried and given up: %s. Revision %s has all requests until the template changes."
          .formatted(state.template(), status.message(), stable);
    @Nullable Canary canary = Trial.canary(state.spec());
    if (!trial.steps() || canary == null)
      return "Revision %s is to be tried; revision %s has all requests."
          .formatted(state.template(), stable);
    String step =
        "Revision %s is tried: step %d of %d, with %d %% of the requests."
            .formatted(
                state.template(),
                Objects.requireNonNullElse(status.step(), 0) + 1,
                canary.steps().size(),
                trial.next().weight());
    String unread = state.canary().findings().unread();
    return trial.waitsForFigures()
        ? step + " It lasts until its answers are known: " + unread + "."
        : step;
  }

  private static String ready(Trial trial, WasmAppState state) {
    long ready =
        trial.canaries().stream()
            .filter(state::isAvailable)
            .map(Instance::node)
            .filter(trial.hosts()::contains)
            .distinct()
            .count();
    return "It is %s on %d of %d nodes"
        .formatted(
            state.spec().minReadySeconds() == 0 ? "ready" : "available",
            ready,
            trial.hosts().size());
  }

  private TrialWords() {}
}
