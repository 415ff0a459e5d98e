package dev.dunlin.agent.instance;

import dev.dunlin.agent.signature.Judgement;
import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is said of the signatures of an instance's image. */
final class Signatures {
  private static final Set<String> WAITING =
      Set.of(Reasons.SIGNATURE_MISSING, Reasons.SIGNATURE_INVALID, Reasons.POLICY_UNAVAILABLE);

  private Signatures() {}

  /** What an agent before this one has said of it. */
  static @Nullable Verdict known(WasmInstanceStatus status) {
    return Condition.find(status.conditions(), StatusOf.VERIFIED)
        .map(it -> new Verdict(it.status(), it.reason(), it.message()))
        .orElse(null);
  }

  /** Its condition after a signal; null where no policy concerns it. */
  static @Nullable Verdict verdict(@Nullable Verdict before, Signal signal) {
    if (signal instanceof Signal.Judged(Optional<Judgement> judgement)) {
      return judgement.map(Signatures::verdict).orElse(null);
    }
    return signal instanceof Signal.Failed(Fault fault) && WAITING.contains(fault.reason())
        ? Verdict.no(fault.reason(), fault.message())
        : before;
  }

  private static Verdict verdict(Judgement judgement) {
    return judgement.well()
        ? Verdict.yes(judgement.reason(), judgement.message())
        : Verdict.no(judgement.reason(), judgement.message());
  }

  /** Whether another policy could let it start. */
  static boolean areWaitedFor(InstanceState state) {
    return WAITING.contains(state.ready().reason());
  }
}
