package dev.dunlin.agent.instance;

import dev.dunlin.agent.probe.ProbeKind;
import dev.dunlin.agent.probe.ProbeNews;
import dev.dunlin.agent.probe.Probes;
import dev.dunlin.agent.signature.Judgement;
import dev.dunlin.api.v1alpha1.InstancePhase;
import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.RestartPolicy;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What comes next for an instance: pure, and all of it. */
final class Lifecycle {

  /** A state, and what is to be done to get on from there. */
  record Step(InstanceState state, List<Action> actions) {
    static Step of(InstanceState state, Action... actions) {
      return new Step(state, List.of(actions));
    }
  }

  private static final Set<Stage> NOT_YET_RUNNING =
      Set.of(Stage.FETCHING, Stage.CONFIGURING, Stage.STARTING, Stage.WAITING, Stage.HELD);

  private final Workload workload;
  private final Probes probes;
  private final Timings timings;

  Lifecycle(Workload workload, Probes probes, Timings timings) {
    this.workload = workload;
    this.probes = probes;
    this.timings = timings;
  }

  /** What a signal makes of a state. A signal that comes too late changes nothing. */
  Step after(InstanceState state, Signal signal) {
    return switch (signal) {
      case Signal.Begun() ->
          state.stage() == Stage.FETCHING ? Step.of(state, new Action.Fetch()) : Step.of(state);
      case Signal.Judged(var judgement) -> judged(state, judgement);
      case Signal.Pulled() -> state.stage() == Stage.FETCHING ? pulled(state) : Step.of(state);
      case Signal.Compiling compiling -> compiling(state, compiling);
      case Signal.Code(boolean optimized) ->
          state.loaded().isTrue() ? Step.of(state.withLoaded(loaded(optimized))) : Step.of(state);
      case Signal.Loaded() -> state.stage() == Stage.FETCHING ? loaded(state) : Step.of(state);
      case Signal.Configured() ->
          state.stage() == Stage.CONFIGURING
              ? Step.of(state.at(Stage.STARTING).withFaults(0), new Action.Start())
              : Step.of(state);
      case Signal.Started(Instant at) ->
          state.stage() == Stage.STARTING ? started(state, at) : Step.of(state);
      case Signal.Failed(Fault fault) ->
          NOT_YET_RUNNING.contains(state.stage()) ? failed(state, fault) : Step.of(state);
      case Signal.Ended ended ->
          state.stage() == Stage.RUNNING || state.stage() == Stage.STARTING
              ? ended(state, ended)
              : Step.of(state);
      case Signal.Probed(ProbeNews news) ->
          state.stage() == Stage.RUNNING && state.kill() == null
              ? probed(state, news)
              : Step.of(state);
      case Signal.Evicted(String why, Instant at) -> evicted(state, why, at);
      case Signal.Halt(Fault fault) ->
          state.stage() == Stage.RUNNING
              ? Step.of(
                  state.withReady(Verdict.no(fault.reason(), fault.message())),
                  new Action.Halt(fault))
              : Step.of(state);
      case Signal.Halted(Fault fault) ->
          state.stage() == Stage.RUNNING ? halted(state, fault) : Step.of(state);
      case Signal.Idle(boolean now) ->
          state.stage() == Stage.RUNNING && workload.saysWhetherIdle()
              ? Step.of(state.withIdle(idle(now)))
              : Step.of(state);
      case Signal.NotWoken(Fault fault) ->
          state.stage() == Stage.RUNNING ? notWoken(state, fault) : Step.of(state);
      case Signal.Woken() ->
          state.stage() == Stage.RUNNING ? Step.of(state.withLoaded(loaded(true))) : Step.of(state);
      case Signal.RetryDue() -> state.stage() == Stage.WAITING ? resumed(state) : Step.of(state);
      case Signal.DeadlinePassed(Instant at) ->
          NOT_YET_RUNNING.contains(state.stage()) ? tooLate(state, at) : Step.of(state);
      case Signal.StopRequested(String why) -> stopping(state, why);
      case Signal.Drained() ->
          switch (state.stage()) {
            case STOPPING -> Step.of(state.at(Stage.STOPPED), new Action.Release());
            case FINISHED -> Step.of(state, new Action.RemoveFiles());
            case FETCHING, CONFIGURING, STARTING, RUNNING, WAITING, HELD, STOPPED -> Step.of(state);
          };
    };
  }

  /** What a policy only warns of is worth an Event; what it refuses comes as a fault. */
  private static Step judged(InstanceState state, Optional<Judgement> judgement) {
    return judgement
        .filter(it -> !it.well())
        .map(it -> Step.of(state, new Action.Tell(true, it.reason(), it.message())))
        .orElse(Step.of(state));
  }

  private static Step pulled(InstanceState state) {
    var verdict = Verdict.no(Reasons.COMPILING, "The module is fetched and is being compiled.");
    return Step.of(state.withLoaded(verdict).withReady(verdict));
  }

  private static Step compiling(InstanceState state, Signal.Compiling signal) {
    if (!state.loaded().reason().equals(Reasons.COMPILING)) {
      return Step.of(state);
    }
    String what =
        signal.waiting()
            ? "The module has waited to be compiled for %d s; others are before it."
            : "The module has been compiled for %d s and is not ready yet.";
    var verdict = Verdict.no(Reasons.COMPILING, what.formatted(signal.since().toSeconds()));
    return Step.of(state.withLoaded(verdict).withReady(verdict));
  }

  private static Step loaded(InstanceState state) {
    return Step.of(
        state.at(Stage.CONFIGURING).withLoaded(loaded(true)).withReady(starting()).withFaults(0),
        new Action.Configure());
  }

  private static Verdict loaded(boolean optimized) {
    return Verdict.yes(
        Reasons.MODULE_LOADED,
        optimized
            ? "The module is compiled."
            : "The module runs on code made quickly; faster code is being compiled.");
  }

  private static Verdict idle(boolean now) {
    return now
        ? Verdict.yes(
            Reasons.IDLE,
            "No request for idleAfterSeconds: its guest instances are given back; the next request brings them back.")
        : Verdict.no(Reasons.SERVING_REQUESTS, "Requests come.");
  }

  /** It stays ready: the next request tries again, and where none could come nobody would. */
  private static Step notWoken(InstanceState state, Fault fault) {
    String message = "It was idle and could not be woken; the next request tries again: ";
    return Step.of(
        state.withLoaded(Verdict.no(fault.reason(), message + fault.message())),
        new Action.Tell(true, fault.reason(), message + fault.message()));
  }

  private static Verdict starting() {
    return Verdict.no(Reasons.MODULE_LOADED, "The module is loaded and is being started.");
  }

  private Step started(InstanceState state, Instant at) {
    if (!probes.decideReadiness()) {
      Verdict ready = ready();
      return Step.of(
          state.running(at, ready), new Action.Tell(false, ready.reason(), ready.message()));
    }
    String first = probes.has(ProbeKind.STARTUP) ? "startup" : "readiness";
    return Step.of(
        state.running(
            at,
            Verdict.no(
                Reasons.PROBING, "It runs, and its " + first + " probe has not been good yet.")),
        new Action.Tell(false, Reasons.STARTED, "It runs; its probes say when it is ready."));
  }

  private Verdict ready() {
    return switch (workload) {
      case Workload.Http(var settings) ->
          Verdict.yes(
              Reasons.SERVING, "Answers requests on port " + settings.port() + " of its node.");
      case Workload.Worker ignored -> Verdict.yes(Reasons.STARTED, "The command runs.");
      case Workload.Job ignored -> Verdict.yes(Reasons.STARTED, "The command runs.");
    };
  }

  /** Events in kubelet's words, which people know. */
  private Step probed(InstanceState state, ProbeNews news) {
    return switch (news) {
      case ProbeNews.Unhealthy(ProbeKind kind, String why) ->
          Step.of(state, new Action.Tell(true, Reasons.UNHEALTHY, failed(kind, why)));
      case ProbeNews.Ready() ->
          Step.of(
              state.withReady(ready()),
              new Action.Tell(false, ready().reason(), ready().message()));
      case ProbeNews.Unready(String why) -> {
        var verdict = Verdict.no(Reasons.READINESS_PROBE_FAILED, failed(ProbeKind.READINESS, why));
        yield Step.of(
            state.withReady(verdict), new Action.Tell(true, verdict.reason(), verdict.message()));
      }
      case ProbeNews.Kill(ProbeKind kind, String why, var grace) ->
          Step.of(
              state.withKill(new InstanceState.Kill(kind.failed(), failed(kind, why))),
              new Action.Tell(true, kind.failed(), failed(kind, why)),
              new Action.Tell(
                  false, Reasons.KILLING, "Its " + kind.text() + " probe failed; it is restarted."),
              new Action.Kill(grace));
    };
  }

  private static String failed(ProbeKind kind, String why) {
    String name = kind.text();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + " probe failed: " + why;
  }

  private Step failed(InstanceState state, Fault fault) {
    var verdict = Verdict.no(fault.reason(), fault.message());
    Stage at =
        state.stage() == Stage.WAITING || state.stage() == Stage.HELD
            ? state.resume()
            : state.stage();
    InstanceState seen = state.withReady(verdict).withFaults(state.faults() + 1);
    seen = at == Stage.FETCHING ? seen.withLoaded(verdict) : seen;
    var tell = new Action.Tell(true, fault.reason(), fault.message());
    return switch (fault.retry()) {
      case BACKOFF ->
          Step.of(
              seen.waiting(at),
              tell,
              new Action.RetryAfter(timings.backoff().delay(state.faults())));
      case RECHECK -> Step.of(seen.waiting(at), tell, new Action.RetryAfter(timings.recheck()));
      case NEVER -> Step.of(seen.at(Stage.HELD), tell);
    };
  }

  private Step resumed(InstanceState state) {
    InstanceState next = state.at(state.resume());
    return switch (state.resume()) {
      case FETCHING -> Step.of(next, new Action.Fetch());
      case STARTING -> Step.of(next, new Action.Start());
      case CONFIGURING ->
          state.crashes() > 0 && state.faults() == 0
              ? restarted(next)
              : Step.of(next, new Action.Configure());
      case RUNNING, WAITING, HELD, FINISHED, STOPPING, STOPPED ->
          throw new IllegalStateException("nothing goes back to " + state.resume());
    };
  }

  private static Step restarted(InstanceState state) {
    return Step.of(
        state.at(Stage.CONFIGURING).withRestarts(state.restarts() + 1),
        new Action.CountRestart(),
        new Action.Configure());
  }

  private Step ended(InstanceState state, Signal.Ended ended) {
    Termination how = termination(state, ended);
    boolean well = Terminations.succeeded(ended.outcome());
    InstanceState after = state.withLast(how);
    if (!restarts(ended.outcome())) {
      return Step.of(
          after.finished(
              well ? InstancePhase.Succeeded : InstancePhase.Failed,
              after.loaded(),
              Verdict.no(how.reason(), message(how))),
          new Action.Tell(!well, how.reason(), message(how)));
    }
    boolean wasGood =
        Duration.between(ended.startedAt(), ended.at()).compareTo(timings.goodRun()) >= 0;
    int crashesBefore = wasGood ? 0 : state.crashes();
    after = after.pending().withCrashes(crashesBefore + 1).withFaults(0);
    var tell = new Action.Tell(!well, how.reason(), message(how));
    if (crashesBefore == 0) {
      Step again = restarted(after.withReady(Verdict.no(how.reason(), message(how))));
      return Step.of(again.state(), tell, again.actions().getFirst(), again.actions().getLast());
    }
    Duration delay = timings.backoff().delay(crashesBefore - 1);
    var looping =
        Verdict.no(
            Reasons.CRASH_LOOP,
            "Starts again " + delay.toSeconds() + " s after the last end. " + message(how));
    return Step.of(
        after.withReady(looping).waiting(Stage.CONFIGURING),
        tell,
        new Action.Tell(
            true,
            Reasons.CRASH_LOOP,
            "The command keeps ending; it is started again with back-off."),
        new Action.RetryAfter(delay));
  }

  /** Who is ended by the agent ends for its reason; who ends by itself meanwhile, for its own. */
  private static Termination termination(InstanceState state, Signal.Ended ended) {
    InstanceState.Kill kill = state.kill();
    return kill != null && ended.outcome() instanceof Outcome.Cancelled
        ? new Termination(
            kill.reason(),
            null,
            kill.message(),
            Times.text(ended.startedAt()),
            Times.text(ended.at()))
        : Terminations.of(ended.outcome(), ended.startedAt(), ended.at());
  }

  private boolean restarts(Outcome outcome) {
    return switch (workload) {
      case Workload.Http ignored -> true;
      case Workload.Job ignored -> false;
      case Workload.Worker(RestartPolicy policy) ->
          switch (policy) {
            case Always -> true;
            case OnFailure -> !Terminations.succeeded(outcome);
            case Never -> false;
          };
    };
  }

  private static String message(Termination how) {
    return how.message() == null ? how.reason() : how.message();
  }

  private static Step tooLate(InstanceState state, Instant at) {
    String message =
        "The job's time was over before the run could start: " + state.ready().message();
    var how = new Termination(Reasons.DEADLINE_EXCEEDED, null, message, null, Times.text(at));
    return Step.of(
        state
            .withLast(how)
            .finished(
                InstancePhase.Failed,
                state.loaded(),
                Verdict.no(Reasons.DEADLINE_EXCEEDED, message)),
        new Action.Tell(true, Reasons.DEADLINE_EXCEEDED, message));
  }

  private static Step evicted(InstanceState state, String why, Instant at) {
    return switch (state.stage()) {
      case FINISHED, STOPPING, STOPPED -> Step.of(state);
      case FETCHING, CONFIGURING, STARTING, RUNNING, WAITING, HELD -> {
        String since = state.startedAt() == null ? null : Times.text(state.startedAt());
        var how = new Termination(Reasons.EVICTED, null, why, since, Times.text(at));
        yield Step.of(
            state
                .withLast(how)
                .finished(InstancePhase.Failed, state.loaded(), Verdict.no(Reasons.EVICTED, why)),
            new Action.Tell(true, Reasons.EVICTED, why),
            new Action.Evict());
      }
    };
  }

  private Step halted(InstanceState state, Fault fault) {
    return Step.of(
        state
            .pending()
            .withReady(Verdict.no(fault.reason(), fault.message()))
            .waiting(Stage.CONFIGURING),
        new Action.Tell(true, fault.reason(), fault.message()),
        new Action.RetryAfter(timings.recheck()));
  }

  private static Step stopping(InstanceState state, String why) {
    return switch (state.stage()) {
      case STOPPING, STOPPED -> Step.of(state);
      case FINISHED -> Step.of(state.at(Stage.STOPPING), new Action.Drain());
      case FETCHING, CONFIGURING, STARTING, RUNNING, WAITING, HELD ->
          Step.of(
              state.at(Stage.STOPPING).withReady(Verdict.no(Reasons.STOPPING, why)),
              new Action.Drain());
    };
  }
}
