package dev.dunlin.agent.instance;

import dev.dunlin.api.v1alpha1.Reasons;
import dev.dunlin.api.v1alpha1.Termination;
import dev.dunlin.engine.Outcome;
import java.time.Duration;
import java.time.Instant;

/** How a run ended, in the API's words. */
public final class Terminations {
  private Terminations() {}

  public static Termination of(Outcome outcome, Instant startedAt, Instant at) {
    String from = Times.text(startedAt);
    String to = Times.text(at);
    return switch (outcome) {
      case Outcome.Exited(int code) ->
          code == 0
              ? new Termination(Reasons.COMPLETED, 0, "The command ended well.", from, to)
              : new Termination(
                  Reasons.ERROR,
                  code,
                  "The command ended with exit code " + code + "; its output says why.",
                  from,
                  to);
      case Outcome.Trapped(Outcome.TrapKind kind, String message) ->
          new Termination(
              Reasons.TRAP, null, "The module trapped (" + kind + "): " + message, from, to);
      case Outcome.OutOfMemory(long limit, boolean engineFull) ->
          new Termination(Reasons.OUT_OF_MEMORY, null, outOfMemory(limit, engineFull), from, to);
      case Outcome.DeadlineExceeded ignored ->
          new Termination(
              Reasons.DEADLINE_EXCEEDED,
              null,
              "The command was stopped at its deadline.",
              from,
              to);
      case Outcome.CpuTimeExceeded(Duration limit) ->
          new Termination(
              Reasons.CPU_TIME_EXCEEDED,
              null,
              "The command used more than its limit of " + limit.toMillis() + " ms of CPU time.",
              from,
              to);
      case Outcome.Cancelled() ->
          new Termination(Reasons.STOPPED, null, "The command was stopped.", from, to);
    };
  }

  private static String outOfMemory(long limit, boolean agentFull) {
    return agentFull
        ? "The memory that the agent has for all modules ran out before this one reached its limit of "
            + limit
            + " bytes: its node runs more than it can hold (docs/agent.md)."
        : "The module needed more than its limit of "
            + limit
            + " bytes; raise resources.limits.memory if it is meant to.";
  }

  static boolean succeeded(Outcome outcome) {
    return outcome instanceof Outcome.Exited exited && exited.success();
  }
}
