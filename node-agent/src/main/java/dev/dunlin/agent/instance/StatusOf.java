package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of a state. */
final class StatusOf {
  /** Whether its image is signed as policies want it; absent where none concerns it. */
  static final String VERIFIED = "Verified";

  private StatusOf() {}

  /**
   * @param before what was said last; its conditions keep their times where nothing changed
   */
  static WasmInstanceStatus state(
      InstanceState state,
      @Nullable Verdict verified,
      OutputLoss loss,
      @Nullable Long memoryBytes,
      @Nullable Long generation,
      WasmInstanceStatus before,
      Instant now) {
    return new WasmInstanceStatus(
        generation,
        state.phase(),
        state.ready().isTrue(),
        state.restarts(),
        state.startedAt() == null ? null : Times.text(state.startedAt()),
        memoryBytes,
        state.last(),
        conditions(state, verified, loss, generation, before, now));
  }

  private static List<Condition> conditions(
      InstanceState state,
      @Nullable Verdict verified,
      OutputLoss loss,
      @Nullable Long generation,
      WasmInstanceStatus before,
      Instant now) {
    var conditions = new ArrayList<Condition>();
    conditions.add(condition(InstanceState.LOADED, state.loaded(), generation, before, now));
    conditions.add(condition(InstanceState.READY, state.ready(), generation, before, now));
    if (verified != null) {
      conditions.add(condition(VERIFIED, verified, generation, before, now));
    }
    Verdict idle = state.idle();
    if (idle != null) {
      conditions.add(condition(InstanceState.IDLE, idle, generation, before, now));
    }
    Verdict output = loss.verdict();
    if (output != null) {
      conditions.add(condition(OutputLoss.LOGS_COMPLETE, output, generation, before, now));
    }
    return conditions;
  }

  private static Condition condition(
      String type,
      Verdict verdict,
      @Nullable Long generation,
      WasmInstanceStatus before,
      Instant now) {
    return new Condition(
            type, verdict.status(), verdict.reason(), verdict.message(), generation, null)
        .since(Condition.find(before.conditions(), type).orElse(null), Times.text(now));
  }
}
