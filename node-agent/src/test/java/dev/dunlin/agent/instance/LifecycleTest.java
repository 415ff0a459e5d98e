package dev.dunlin.agent.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dunlin.agent.instance.Lifecycle.Step;
import dev.dunlin.agent.probe.ProbeKind;
import dev.dunlin.agent.probe.ProbeNews;
import dev.dunlin.agent.probe.Probes;
import dev.dunlin.api.v1alpha1.HttpInstance;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Probe;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.RestartPolicy;
import dev.dunlin.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Outcome WELL = new Outcome.Exited(0);
  private static final Outcome BADLY = new Outcome.Exited(3);
  private static final Workload HTTP = new Workload.Http(new HttpInstance(20000, 30, 16, 1));
  private static final Workload JOB = new Workload.Job(Optional.empty());

  @Test
  void anInstanceIsFetchedConfiguredStartedAndReady() {
    var told = new Story(HTTP).on(new Signal.Begun());
    assertThat(told.actions()).containsExactly(new Action.Fetch());
    assertThat(told.on(new Signal.Loaded()).actions()).containsExactly(new Action.Configure());
    assertThat(told.on(new Signal.Configured()).actions()).containsExactly(new Action.Start());

    told.on(new Signal.Started(T0));

    assertThat(told.state.phase()).isEqualTo(InstancePhase.Running);
    assertThat(told.state.ready())
        .isEqualTo(Verdict.yes(Reasons.SERVING, "Answers requests on port 20000 of its node."));
    assertThat(told.state.loaded().isTrue()).isTrue();
    assertThat(told.state.startedAt()).isEqualTo(T0);
  }

  @Test
  void compilingIsSaidWithItsTimeUntilItIsOver() {
    var told = new Story(HTTP).on(new Signal.Begun()).on(new Signal.Pulled());
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.COMPILING);

    told.on(new Signal.Compiling(Duration.ofSeconds(20), false));
    assertThat(told.state.loaded())
        .isEqualTo(
            Verdict.no(
                Reasons.COMPILING, "The module has been compiled for 20 s and is not ready yet."));
    assertThat(told.state.ready()).isEqualTo(told.state.loaded());
    told.on(new Signal.Compiling(Duration.ofSeconds(30), true));
    assertThat(told.state.ready().message()).contains("waited to be compiled for 30 s");

    told.on(new Signal.Loaded()).on(new Signal.Compiling(Duration.ofSeconds(40), false));
    assertThat(told.state.loaded().isTrue()).isTrue();
  }

  @Test
  void codeThatIsMadeQuicklyIsCalledSoUntilItIsReplaced() {
    var told = running(HTTP);

    told.on(new Signal.Code(false));
    assertThat(told.state.loaded().message()).contains("code made quickly");
    assertThat(told.state.loaded().isTrue()).isTrue();
    told.on(new Signal.Code(true));

    assertThat(told.state.loaded().message()).isEqualTo("The module is compiled.");
  }

  @Test
  void whetherItIsIdleIsSaidOnlyWhereItsSpecSaysAfterHowLong() {
    var told = running(new Workload.Http(new HttpInstance(20000, 30, 16, 1, 60, null, null, null)));
    assertThat(told.state.idle()).isNull();

    assertThat(told.on(new Signal.Idle(true)).state.idle())
        .satisfies(it -> assertThat(it.isTrue()).isTrue())
        .extracting(Verdict::reason)
        .isEqualTo(Reasons.IDLE);
    assertThat(told.state.phase()).isEqualTo(InstancePhase.Running);
    assertThat(told.state.ready().isTrue()).isTrue();
    assertThat(told.on(new Signal.Idle(false)).state.idle())
        .isEqualTo(Verdict.no(Reasons.SERVING_REQUESTS, "Requests come."));
    assertThat(told.actions()).isEmpty();

    assertThat(running(HTTP).on(new Signal.Idle(true)).state.idle()).isNull();
  }

  @Test
  void whoCannotBeWokenSaysWhyAndStaysReadySoThatItIsTriedAgain() {
    var told = running(HTTP);

    told.on(
        new Signal.NotWoken(
            new Fault(Reasons.REGISTRY_UNAVAILABLE, "no route", Fault.Retry.BACKOFF)));

    String message = "It was idle and could not be woken; the next request tries again: no route";
    assertThat(told.state.loaded()).isEqualTo(Verdict.no(Reasons.REGISTRY_UNAVAILABLE, message));
    assertThat(told.state.ready().isTrue()).isTrue();
    assertThat(told.state.phase()).isEqualTo(InstancePhase.Running);
    assertThat(told.actions())
        .containsExactly(new Action.Tell(true, Reasons.REGISTRY_UNAVAILABLE, message));
    assertThat(told.on(new Signal.Woken()).state.loaded().isTrue()).isTrue();
  }

  @Test
  void aPassingFaultIsTriedAgainLaterAndLaterUpToTheMaximum() {
    var told = new Story(HTTP).on(new Signal.Begun());
    var delays = new ArrayList<Duration>();
    for (int i = 0; i < 8; i++) {
      told.on(failed(Reasons.REGISTRY_UNAVAILABLE, Fault.Retry.BACKOFF));
      delays.add(told.retryAfter());
      told.on(new Signal.RetryDue());
      assertThat(told.actions()).containsExactly(new Action.Fetch());
    }

    assertThat(delays.stream().map(Duration::toSeconds))
        .containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
    assertThat(told.state.loaded().reason()).isEqualTo(Reasons.REGISTRY_UNAVAILABLE);
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.REGISTRY_UNAVAILABLE);
  }

  @Test
  void backOffBeginsAnewOnceTheFaultIsOver() {
    var told = new Story(HTTP).on(new Signal.Begun());
    told.on(failed(Reasons.REGISTRY_UNAVAILABLE, Fault.Retry.BACKOFF)).on(new Signal.RetryDue());
    told.on(new Signal.Loaded()).on(new Signal.Configured());

    told.on(failed(Reasons.PORT_IN_USE, Fault.Retry.BACKOFF));

    assertThat(told.retryAfter()).isEqualTo(Duration.ofSeconds(10));
    assertThat(told.on(new Signal.RetryDue()).actions()).containsExactly(new Action.Start());
  }

  @Test
  void whatIsEvictedHasFailedForGoodAndLeavesNoFiles() {
    for (Stage stage : List.of(Stage.FETCHING, Stage.RUNNING, Stage.WAITING)) {
      var told = running(HTTP);
      told.state = told.state.at(stage);

      told.on(new Signal.Evicted("It took too much.", T0));

      assertThat(told.state.phase()).as("%s", stage).isEqualTo(InstancePhase.Failed);
      assertThat(told.state.ready()).isEqualTo(Verdict.no(Reasons.EVICTED, "It took too much."));
      assertThat(told.actions())
          .containsExactly(
              new Action.Tell(true, Reasons.EVICTED, "It took too much."), new Action.Evict());
      assertThat(told.on(new Signal.Drained()).actions()).containsExactly(new Action.RemoveFiles());
      assertThat(told.on(new Signal.RetryDue()).actions()).isEmpty();
      assertThat(told.on(new Signal.StopRequested("deleted")).actions())
          .containsExactly(new Action.Drain());
    }
  }

  @Test
  void whatIsHaltedIsNotReadyAtOnceAndStartsAnewOnceTheFaultIsGone() {
    var full = new Fault(Reasons.VOLUME_FULL, "full", Fault.Retry.RECHECK);
    var told = running(HTTP);

    told.on(new Signal.Halt(full));
    assertThat(told.state.ready()).isEqualTo(Verdict.no(Reasons.VOLUME_FULL, "full"));
    assertThat(told.actions()).containsExactly(new Action.Halt(full));

    told.on(new Signal.Halted(full));
    assertThat(told.state.phase()).isEqualTo(InstancePhase.Pending);
    assertThat(told.actions()).contains(new Action.Tell(true, Reasons.VOLUME_FULL, "full"));
    assertThat(told.on(new Signal.RetryDue()).actions()).containsExactly(new Action.Configure());
    assertThat(told.on(new Signal.Halted(full)).actions()).isEmpty();
  }

  @Test
  void whatNeverRunsIsHeldAndNotTriedAgain() {
    var told = new Story(HTTP).on(new Signal.Begun());

    told.on(failed(Reasons.NOT_WASM, Fault.Retry.NEVER));

    assertThat(told.state.stage()).isEqualTo(Stage.HELD);
    assertThat(told.actions()).containsExactly(new Action.Tell(true, Reasons.NOT_WASM, "why"));
    assertThat(told.on(new Signal.RetryDue()).actions()).isEmpty();
    assertThat(told.state.phase()).isEqualTo(InstancePhase.Pending);
  }

  @Test
  void missingConfigurationIsLookedAtAgainAtAnEvenPace() {
    var told = new Story(HTTP).on(new Signal.Begun()).on(new Signal.Loaded());
    for (int i = 0; i < 3; i++) {
      told.on(failed(Reasons.SECRET_NOT_FOUND, Fault.Retry.RECHECK));
      assertThat(told.retryAfter()).isEqualTo(Timings.DEFAULT.recheck());
      assertThat(told.on(new Signal.RetryDue()).actions()).containsExactly(new Action.Configure());
    }
    assertThat(told.state.loaded().isTrue()).isTrue();
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.SECRET_NOT_FOUND);
  }

  @Test
  void aWorkerThatCrashesIsStartedAtOnceThenWithBackOff() {
    var told = running(new Workload.Worker(RestartPolicy.Always));

    told.on(ended(BADLY, Duration.ofSeconds(1)));
    assertThat(told.state.restarts()).isEqualTo(1);
    assertThat(told.actions()).contains(new Action.CountRestart(), new Action.Configure());
    told.on(new Signal.Configured()).on(new Signal.Started(T0));

    told.on(ended(BADLY, Duration.ofSeconds(1)));
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.CRASH_LOOP);
    assertThat(told.state.phase()).isEqualTo(InstancePhase.Pending);
    assertThat(told.retryAfter()).isEqualTo(Duration.ofSeconds(10));
    told.on(new Signal.RetryDue());
    assertThat(told.state.restarts()).isEqualTo(2);
    told.on(new Signal.Configured()).on(new Signal.Started(T0));

    told.on(ended(BADLY, Duration.ofSeconds(1)));
    assertThat(told.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    assertThat(told.state.last()).isNotNull();
    assertThat(told.state.last().exitCode()).isEqualTo(3);
    assertThat(told.state.last().reason()).isEqualTo(Reasons.ERROR);
  }

  @Test
  void aGoodRunMakesEarlierCrashesForgotten() {
    var told = running(new Workload.Worker(RestartPolicy.Always));
    told.on(ended(BADLY, Duration.ofSeconds(1)));
    told.on(new Signal.Configured()).on(new Signal.Started(T0));

    told.on(ended(BADLY, Duration.ofMinutes(10)));

    assertThat(told.state.ready().reason()).isEqualTo(Reasons.ERROR);
    assertThat(told.actions()).contains(new Action.Configure());
  }

  @Test
  void restartPoliciesAreAPods() {
    assertThat(endOf(RestartPolicy.Always, WELL).state.stage()).isEqualTo(Stage.CONFIGURING);
    assertThat(endOf(RestartPolicy.OnFailure, BADLY).state.stage()).isEqualTo(Stage.CONFIGURING);
    assertThat(endOf(RestartPolicy.OnFailure, WELL).state.phase())
        .isEqualTo(InstancePhase.Succeeded);
    assertThat(endOf(RestartPolicy.Never, WELL).state.phase()).isEqualTo(InstancePhase.Succeeded);
    assertThat(endOf(RestartPolicy.Never, BADLY).state.phase()).isEqualTo(InstancePhase.Failed);
  }

  @Test
  void aJobRunsOnceHoweverItEnds() {
    assertThat(running(JOB).on(ended(WELL, Duration.ofSeconds(1))).state.phase())
        .isEqualTo(InstancePhase.Succeeded);
    for (Outcome outcome :
        List.of(
            BADLY,
            new Outcome.Trapped(Outcome.TrapKind.UNREACHABLE, "unreachable"),
            new Outcome.OutOfMemory(1024),
            new Outcome.DeadlineExceeded(Duration.ofSeconds(1)),
            new Outcome.CpuTimeExceeded(Duration.ofSeconds(1)),
            new Outcome.Cancelled())) {
      var told = running(JOB).on(ended(outcome, Duration.ofSeconds(1)));
      assertThat(told.state.phase()).isEqualTo(InstancePhase.Failed);
      assertThat(told.state.stage()).isEqualTo(Stage.FINISHED);
      assertThat(told.on(new Signal.RetryDue()).actions()).isEmpty();
    }
  }

  @Test
  void everyEndHasItsReason() {
    assertThat(reasonOf(WELL)).isEqualTo(Reasons.COMPLETED);
    assertThat(reasonOf(BADLY)).isEqualTo(Reasons.ERROR);
    assertThat(reasonOf(new Outcome.Trapped(Outcome.TrapKind.OTHER, "m"))).isEqualTo(Reasons.TRAP);
    assertThat(reasonOf(new Outcome.OutOfMemory(1))).isEqualTo(Reasons.OUT_OF_MEMORY);
    assertThat(reasonOf(new Outcome.OutOfMemory(1, true))).isEqualTo(Reasons.OUT_OF_MEMORY);
    assertThat(reasonOf(new Outcome.DeadlineExceeded(Duration.ofSeconds(1))))
        .isEqualTo(Reasons.DEADLINE_EXCEEDED);
    assertThat(reasonOf(new Outcome.CpuTimeExceeded(Duration.ofSeconds(1))))
        .isEqualTo(Reasons.CPU_TIME_EXCEEDED);
    assertThat(reasonOf(new Outcome.Cancelled())).isEqualTo(Reasons.STOPPED);
  }

  @Test
  void aJobWhoseTimeIsOverBeforeItStartsHasFailed() {
    var told = new Story(JOB).on(new Signal.Begun());
    told.on(failed(Reasons.IMAGE_NOT_FOUND, Fault.Retry.BACKOFF));

    told.on(new Signal.DeadlinePassed(T0));

    assertThat(told.state.phase()).isEqualTo(InstancePhase.Failed);
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.DEADLINE_EXCEEDED);
    assertThat(told.on(new Signal.RetryDue()).actions()).isEmpty();
  }

  @Test
  void aDeadlineDoesNotTouchWhatRuns() {
    var told = running(JOB);

    told.on(new Signal.DeadlinePassed(T0));

    assertThat(told.state.stage()).isEqualTo(Stage.RUNNING);
  }

  @Test
  void whateverItIsAtAnInstanceThatIsDeletedDrainsThenGoes() {
    for (Stage stage : Stage.values()) {
      if (stage == Stage.STOPPING || stage == Stage.STOPPED) {
        continue;
      }
      var told = new Story(HTTP);
      told.state = told.state.at(stage);
      told.on(new Signal.StopRequested("gone"));
      assertThat(told.actions()).as(stage.name()).containsExactly(new Action.Drain());
      assertThat(told.on(new Signal.StopRequested("again")).actions()).isEmpty();
      assertThat(told.on(new Signal.Loaded()).actions()).isEmpty();
      assertThat(told.on(new Signal.Drained()).actions()).containsExactly(new Action.Release());
      assertThat(told.state.stage()).isEqualTo(Stage.STOPPED);
      assertThat(told.on(new Signal.Loaded()).actions()).isEmpty();
    }
  }

  @Test
  void anInstanceThatIsDeletedIsNotReady() {
    var told = running(HTTP);

    told.on(new Signal.StopRequested("why"));

    assertThat(told.state.ready()).isEqualTo(Verdict.no(Reasons.STOPPING, "why"));
  }

  private static String reasonOf(Outcome outcome) {
    return running(JOB).on(ended(outcome, Duration.ofSeconds(1))).state.ready().reason();
  }

  private static Story endOf(RestartPolicy policy, Outcome outcome) {
    return running(new Workload.Worker(policy)).on(ended(outcome, Duration.ofSeconds(1)));
  }

  private static Story running(Workload workload) {
    return new Story(workload)
        .on(new Signal.Begun())
        .on(new Signal.Pulled())
        .on(new Signal.Loaded())
        .on(new Signal.Configured())
        .on(new Signal.Started(T0));
  }

  private static Signal failed(String reason, Fault.Retry retry) {
    return new Signal.Failed(new Fault(reason, "why", retry));
  }

  private static Signal ended(Outcome outcome, Duration after) {
    return new Signal.Ended(outcome, T0, T0.plus(after));
  }

  @Test
  void whatHasAReadinessProbeIsReadyOnceThatSaysSoAndNotAnyMoreWhenItSaysThat() {
    var told = probed(HTTP, ProbeKind.READINESS);
    assertThat(told.state.phase()).isEqualTo(InstancePhase.Running);
    assertThat(told.state.ready().isTrue()).isFalse();
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.PROBING);

    told.on(new Signal.Probed(new ProbeNews.Ready()));
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.SERVING);
    told.on(new Signal.Probed(new ProbeNews.Unready("HTTP probe failed with statuscode: 503")));

    assertThat(told.state.ready())
        .isEqualTo(
            Verdict.no(
                Reasons.READINESS_PROBE_FAILED,
                "Readiness probe failed: HTTP probe failed with statuscode: 503"));
    assertThat(told.state.stage()).isEqualTo(Stage.RUNNING);
    assertThat(told.state.restarts()).isZero();
  }

  @Test
  void eachBadProbeIsAnEventInKubeletsWordsAndNothingElse() {
    var told = probed(HTTP, ProbeKind.LIVENESS);
    var before = told.state;

    told.on(new Signal.Probed(new ProbeNews.Unhealthy(ProbeKind.LIVENESS, "no answer")));

    assertThat(told.state).isEqualTo(before);
    assertThat(told.actions())
        .containsExactly(
            new Action.Tell(true, Reasons.UNHEALTHY, "Liveness probe failed: no answer"));
  }

  @Test
  void aFailedLivenessEndsTheRunWithItsGraceAndStartsItAnewAndCounts() {
    var told = probed(HTTP, ProbeKind.LIVENESS);
    var grace = Optional.of(Duration.ofSeconds(3));

    told.on(new Signal.Probed(new ProbeNews.Kill(ProbeKind.LIVENESS, "no answer", grace)));
    assertThat(told.actions()).contains(new Action.Kill(grace));
    assertThat(told.actions())
        .extracting(it -> it instanceof Action.Tell tell ? tell.reason() : "")
        .contains(Reasons.LIVENESS_PROBE_FAILED, Reasons.KILLING);
    assertThat(told.state.ready().reason()).isEqualTo(Reasons.LIVENESS_PROBE_FAILED);
    told.on(new Signal.Probed(new ProbeNews.Ready())); // was on its way
    assertThat(told.state.ready().isTrue()).isFalse();
    told.on(new Signal.Ended(new Outcome.Cancelled(), T0, T0.plusSeconds(60)));

    assertThat(told.state.last())
        .extracting("reason", "message")
        .containsExactly(Reasons.LIVENESS_PROBE_FAILED, "Liveness probe failed: no answer");
    assertThat(told.state.restarts()).isEqualTo(1);
    assertThat(told.state.stage()).isEqualTo(Stage.CONFIGURING);
    assertThat(told.state.kill()).isNull();
  }

  @Test
  void whatFailsItsLivenessAgainAndAgainIsStartedWithBackOff() {
    var told = probed(HTTP, ProbeKind.LIVENESS);
    var kill =
        new Signal.Probed(new ProbeNews.Kill(ProbeKind.LIVENESS, "no answer", Optional.empty()));
    var ended = new Signal.Ended(new Outcome.Cancelled(), T0, T0.plusSeconds(60));

    told.on(kill).on(ended).on(new Signal.Configured()).on(new Signal.Started(T0));
    told.on(kill).on(ended);

    assertThat(told.state.ready().reason()).isEqualTo(Reasons.CRASH_LOOP);
    assertThat(told.retryAfter()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatEndsByItselfWhileItIsBeingEndedKeepsItsOwnReason() {
    var told = probed(new Workload.Worker(RestartPolicy.Always), ProbeKind.STARTUP);

    told.on(new Signal.Probed(new ProbeNews.Kill(ProbeKind.STARTUP, "no file", Optional.empty())))
        .on(new Signal.Ended(BADLY, T0, T0.plusSeconds(60)));

    assertThat(told.state.last()).extracting("reason").isEqualTo(Reasons.ERROR);
  }

  @Test
  void aWorkerThatIsNeverRestartedHasFailedWithItsProbe() {
    var told = probed(new Workload.Worker(RestartPolicy.Never), ProbeKind.LIVENESS);

    told.on(new Signal.Probed(new ProbeNews.Kill(ProbeKind.LIVENESS, "no file", Optional.empty())))
        .on(new Signal.Ended(new Outcome.Cancelled(), T0, T0.plusSeconds(60)));

    assertThat(told.state.phase()).isEqualTo(InstancePhase.Failed);
    assertThat(told.state.last()).extracting("reason").isEqualTo(Reasons.LIVENESS_PROBE_FAILED);
  }

  private static Story probed(Workload workload, ProbeKind kind) {
    var probe = new Probe(null, null, 0, 10, 1, 1, 3, null);
    return new Story(workload, new Probes(Map.of(kind, probe)))
        .on(new Signal.Begun())
        .on(new Signal.Loaded())
        .on(new Signal.Configured())
        .on(new Signal.Started(T0));
  }

  private static final class Story {
    private final Lifecycle lifecycle;
    private InstanceState state = InstanceState.NEW;
    private List<Action> actions = List.of();

    Story(Workload workload) {
      this(workload, Probes.NONE);
    }

    Story(Workload workload, Probes probes) {
      lifecycle = new Lifecycle(workload, probes, Timings.DEFAULT);
    }

    Story on(Signal signal) {
      Step step = lifecycle.after(state, signal);
      state = step.state();
      actions = step.actions();
      return this;
    }

    List<Action> actions() {
      return actions;
    }

    Duration retryAfter() {
      return actions.stream()
          .filter(Action.RetryAfter.class::isInstance)
          .map(action -> ((Action.RetryAfter) action).delay())
          .findFirst()
          .orElseThrow();
    }
  }
}
