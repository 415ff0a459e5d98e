package dev.dunlin.agent.instance;

import dev.dunlin.engine.ModuleKind;
import java.util.Optional;

/** Whether a module is of a kind that a workload can use. Pure. */
public final class WorkloadFit {
  private WorkloadFit() {}

  /** What keeps a module from being run as the spec says, and what to do. */
  public static Optional<String> obstacle(Workload workload, ModuleKind kind) {
    return switch (workload) {
      case Workload.Http ignored -> ofHttp(kind);
      case Workload.Worker ignored -> ofCommand("worker", kind);
      case Workload.Job ignored -> ofCommand("job", kind);
    };
  }

  private static Optional<String> ofHttp(ModuleKind kind) {
    return switch (kind) {
      // A core module answers by the CGI convention.
      case COMMAND, HTTP_COMPONENT -> Optional.empty();
      case COMMAND_COMPONENT ->
          Optional.of(
              "the spec says http: expected a component that exports wasi:http's handler, found one that exports wasi:cli/run, a command. Set worker or job, or build the component for wasi:http.");
    };
  }

  private static Optional<String> ofCommand(String workload, ModuleKind kind) {
    return switch (kind) {
      case COMMAND, COMMAND_COMPONENT -> Optional.empty();
      case HTTP_COMPONENT ->
          Optional.of(
              "the spec says %s: expected a command (a core module with _start, or a component that exports wasi:cli/run), found a component that answers HTTP requests. Set http instead of %s."
                  .formatted(workload, workload));
    };
  }

  /** A module that cannot be run as its spec says; the message says why. */
  static final class MismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
      super(message);
    }
  }
}
