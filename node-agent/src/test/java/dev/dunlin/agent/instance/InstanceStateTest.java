package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.RestartPolicy;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstanceStateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Workload JOB = new Workload.Job(Optional.empty());
  private static final Workload WORKER = new Workload.Worker(RestartPolicy.Always);

  @Test
  void aJobThatRanWhenItsAgentEndedIsNotRunAgain() {
    InstanceState state = InstanceState.resumed(JOB, status(InstancePhase.Running), NOW);

    assertThat(state.stage()).isEqualTo(Stage.FINISHED);
    assertThat(state.phase()).isEqualTo(InstancePhase.Failed);
    assertThat(state.ready().reason()).isEqualTo(Reasons.STOPPED);
    assertThat(Objects.requireNonNull(state.last()).finishedAt()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void whatHasEndedStaysEndedUnderTheNextAgent() {
    for (InstancePhase phase : List.of(InstancePhase.Succeeded, InstancePhase.Failed)) {
      InstanceState state = InstanceState.resumed(JOB, status(phase), NOW);

      assertThat(state.stage()).isEqualTo(Stage.FINISHED);
      assertThat(state.phase()).isEqualTo(phase);
      assertThat(state.ready()).isEqualTo(Verdict.no("Before", "it was so"));
    }
  }

  @Test
  void aWorkerIsRunAgainAndKeepsItsCount() {
    InstanceState state = InstanceState.resumed(WORKER, status(InstancePhase.Running), NOW);

    assertThat(state.stage()).isEqualTo(Stage.FETCHING);
    assertThat(state.restarts()).isEqualTo(7);
  }

  @Test
  void aStatusKeepsTheTimeOfAConditionThatStays() {
    WasmInstanceStatus first =
        StatusOf.state(
            InstanceState.NEW, null, OutputLoss.NONE, null, 1L, WasmInstanceStatus.EMPTY, NOW);

    WasmInstanceStatus later =
        StatusOf.state(
            InstanceState.NEW.withReady(Verdict.yes("R", "m")),
            null,
            OutputLoss.NONE,
            5L,
            1L,
            first,
            NOW.plusSeconds(9));

    assertThat(Condition.find(later.conditions(), "Loaded").orElseThrow().lastTransitionTime())
        .isEqualTo("2026-01-01T00:00:00Z");
    assertThat(Condition.find(later.conditions(), "Ready").orElseThrow().lastTransitionTime())
        .isEqualTo("2026-01-01T00:00:09Z");
    assertThat(later.ready()).isTrue();
    assertThat(later.memoryBytes()).isEqualTo(5L);
  }

  private static WasmInstanceStatus status(InstancePhase phase) {
    return new WasmInstanceStatus(
        1L,
        phase,
        false,
        7,
        "2025-12-31T23:00:00Z",
        null,
        null,
        List.of(new Condition("Ready", "False", "Before", "it was so", 1L, null)));
  }
}
