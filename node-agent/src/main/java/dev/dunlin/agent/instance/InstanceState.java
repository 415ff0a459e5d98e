package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Condition;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.api.v1alpha1.WasmInstanceStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of an instance, and all that its status is made from.
 *
 * @param resume what a WAITING instance goes back to
 * @param faults in a row, at the present stage
 * @param crashes in a row, without a good run between
 * @param kill null unless the present run is being ended by the agent
 * @param idle null where nothing is to be said of it, or nothing is known yet
 */
record InstanceState(
    Stage stage,
    Stage resume,
    InstancePhase phase,
    Verdict loaded,
    Verdict ready,
    int faults,
    int crashes,
    int restarts,
    @Nullable Instant startedAt,
    @Nullable Termination last,
    @Nullable Kill kill,
    @Nullable Verdict idle) {

  /** Why the present run is being ended, to be started anew. */
  record Kill(String reason, String message) {}

  static final String LOADED = "Loaded";
  static final String READY = "Ready";
  static final String IDLE = "Idle";

  static final InstanceState NEW =
      new InstanceState(
          Stage.FETCHING,
          Stage.FETCHING,
          InstancePhase.Pending,
          Verdict.no(Reasons.PULLING, "The module is being fetched."),
          Verdict.no(Reasons.PULLING, "The module is being fetched."),
          0,
          0,
          0,
          null,
          null,
          null,
          null);

  /** What an agent makes of an instance that it (or the agent before it) had already reported. */
  static InstanceState resumed(Workload kind, @Nullable WasmInstanceStatus status, Instant now) {
    if (status == null) {
      return NEW;
    }
    int restarts = status.restarts() == null ? 0 : status.restarts();
    InstanceState fresh =
        NEW.withRestarts(restarts).withLast(status.lastTermination()).withIdle(idle(kind, status));
    if (status.phase() == InstancePhase.Succeeded || status.phase() == InstancePhase.Failed) {
      return fresh.finished(
          status.phase(),
          verdict(status.conditions(), LOADED),
          verdict(status.conditions(), READY));
    }
    if (kind instanceof Workload.Job && status.phase() == InstancePhase.Running) {
      String message =
          "The agent was started anew while the run was under way; a run is never started twice.";
      Termination cut =
          new Termination(Reasons.STOPPED, null, message, status.startedAt(), Times.text(now));
      return fresh
          .withLast(cut)
          .finished(
              InstancePhase.Failed,
              verdict(status.conditions(), LOADED),
              Verdict.no(Reasons.STOPPED, message));
    }
    return fresh;
  }

  private static @Nullable Verdict idle(Workload kind, WasmInstanceStatus status) {
    return kind.saysWhetherIdle()
            && Condition.find(status.conditions(), IDLE).filter(Condition::isTrue).isPresent()
        ? verdict(status.conditions(), IDLE)
        : null;
  }

  private static Verdict verdict(List<Condition> conditions, String type) {
    return Condition.find(conditions, type)
        .map(found -> new Verdict(found.status(), found.reason(), found.message()))
        .orElse(NEW.ready);
  }

  InstanceState at(Stage next) {
    return new InstanceState(
        next, resume, phase, loaded, ready, faults, crashes, restarts, startedAt, last, kill, idle);
  }

  InstanceState pending() {
    return new InstanceState(
        stage,
        resume,
        InstancePhase.Pending,
        loaded,
        ready,
        faults,
        crashes,
        restarts,
        null,
        last,
        null,
        idle);
  }

  InstanceState running(Instant since, Verdict why) {
    return new InstanceState(
        Stage.RUNNING,
        resume,
        InstancePhase.Running,
        loaded,
        why,
        0,
        crashes,
        restarts,
        since,
        last,
        null,
        idle);
  }

  InstanceState waiting(Stage goBackTo) {
    return new InstanceState(
        Stage.WAITING,
        goBackTo,
        phase,
        loaded,
        ready,
        faults,
        crashes,
        restarts,
        startedAt,
        last,
        kill,
        idle);
  }

  InstanceState finished(InstancePhase how, Verdict loadedAtEnd, Verdict readyAtEnd) {
    return new InstanceState(
        Stage.FINISHED,
        resume,
        how,
        loadedAtEnd,
        readyAtEnd,
        0,
        crashes,
        restarts,
        startedAt,
        last,
        null,
        null);
  }

  InstanceState withLoaded(Verdict verdict) {
    return new InstanceState(
        stage, resume, phase, verdict, ready, faults, crashes, restarts, startedAt, last, kill,
        idle);
  }

  InstanceState withReady(Verdict verdict) {
    return new InstanceState(
        stage, resume, phase, loaded, verdict, faults, crashes, restarts, startedAt, last, kill,
        idle);
  }

  InstanceState withFaults(int count) {
    return new InstanceState(
        stage, resume, phase, loaded, ready, count, crashes, restarts, startedAt, last, kill, idle);
  }

  InstanceState withCrashes(int count) {
    return new InstanceState(
        stage, resume, phase, loaded, ready, faults, count, restarts, startedAt, last, kill, idle);
  }

  InstanceState withRestarts(int count) {
    return new InstanceState(
        stage, resume, phase, loaded, ready, faults, crashes, count, startedAt, last, kill, idle);
  }

  InstanceState withLast(@Nullable Termination termination) {
    return new InstanceState(
        stage,
        resume,
        phase,
        loaded,
        ready,
        faults,
        crashes,
        restarts,
        startedAt,
        termination,
        kill,
        idle);
  }

  InstanceState withKill(Kill why) {
    return new InstanceState(
        stage,
        resume,
        phase,
        loaded,
        Verdict.no(why.reason(), why.message()),
        faults,
        crashes,
        restarts,
        startedAt,
        last,
        why,
        idle);
  }

  InstanceState withIdle(@Nullable Verdict verdict) {
    return new InstanceState(
        stage, resume, phase, loaded, ready, faults, crashes, restarts, startedAt, last, kill,
        verdict);
  }
}
