package dev.dunlin.cli.local;

import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.instance.Terminations;
import dev.dunlin.agent.instance.Workload;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import java.time.Duration;
import java.time.Instant;

/** One run of a command, with this process's own streams. */
final class CommandRun {
  private CommandRun() {}

  /** Runs it to its end; the exit code that says how it ended. */
  static int run(Terminal terminal, WasmInstance instance, Module module, GuestConfig given)
      throws InterruptedException {
    Instant began = Instant.now();
    Outcome outcome;
    try (Execution execution =
        module.start(
            given.grants(),
            limits(instance, given, began),
            new Stdio(terminal.in(), terminal.out(), terminal.err()))) {
      Thread ending =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  terminal.ended().await();
                  execution.cancel();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      outcome = execution.outcome();
      ending.interrupt();
    }
    terminal.out().flush();
    if (!(outcome instanceof Outcome.Exited)) {
      var ended = Terminations.of(outcome, began, Instant.now());
      terminal.say(ended.reason() + ": " + ended.message());
    }
    return exitCode(outcome);
  }

  private static Limits limits(WasmInstance instance, GuestConfig given, Instant now) {
    return Workload.of(instance.getSpec()) instanceof Workload.Job(var deadline)
        ? deadline
            .map(end -> given.limits().withDeadline(Duration.between(now, end)))
            .orElse(given.limits())
        : given.limits();
  }

  static int exitCode(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited(int code) -> code;
      case Outcome.Trapped ignored -> Exit.TRAP;
      case Outcome.OutOfMemory ignored -> Exit.OUT_OF_MEMORY;
      case Outcome.DeadlineExceeded ignored -> Exit.DEADLINE;
      case Outcome.CpuTimeExceeded ignored -> Exit.DEADLINE;
      case Outcome.Cancelled() -> Exit.FAILED;
    };
  }
}
