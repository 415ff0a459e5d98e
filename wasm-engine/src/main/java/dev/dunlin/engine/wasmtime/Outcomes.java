package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Outcome.TrapKind;
import java.util.Locale;

/** How a task ended, in the engine's words. */
final class Outcomes {
  private Outcomes() {}

  /**
   * @param kind one of dunlin.h's outcomes, but neither RUNNING nor BAD_RESPONSE
   * @param limits what the task was given
   */
  static Outcome of(int kind, int code, String message, Limits limits) {
    return switch (kind) {
      case Dunlin.EXITED -> new Outcome.Exited(code);
      case Dunlin.TRAPPED -> trapped(trapKind(code), message);
      case Dunlin.OUT_OF_MEMORY -> new Outcome.OutOfMemory(limits.memoryBytes(), code == 1);
      case Dunlin.ENGINE_BUSY -> new Outcome.OutOfMemory(limits.memoryBytes(), true);
      case Dunlin.DEADLINE_EXCEEDED ->
          new Outcome.DeadlineExceeded(limits.deadline().orElseThrow());
      case Dunlin.CPU_EXCEEDED -> new Outcome.CpuTimeExceeded(limits.cpuTime().orElseThrow());
      case Dunlin.CANCELLED -> new Outcome.Cancelled();
      default -> trapped(TrapKind.OTHER, message);
    };
  }

  private static Outcome trapped(TrapKind kind, String message) {
    return new Outcome.Trapped(
        kind, message.isBlank() ? kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') : message);
  }

  private static TrapKind trapKind(int code) {
    return switch (code) {
      case Dunlin.TRAP_UNREACHABLE -> TrapKind.UNREACHABLE;
      case Dunlin.TRAP_MEMORY_OUT_OF_BOUNDS -> TrapKind.MEMORY_OUT_OF_BOUNDS;
      case Dunlin.TRAP_TABLE_OUT_OF_BOUNDS -> TrapKind.TABLE_OUT_OF_BOUNDS;
      case Dunlin.TRAP_INDIRECT_CALL -> TrapKind.INDIRECT_CALL;
      case Dunlin.TRAP_INTEGER_DIVISION -> TrapKind.INTEGER_DIVISION;
      case Dunlin.TRAP_INTEGER_OVERFLOW -> TrapKind.INTEGER_OVERFLOW;
      case Dunlin.TRAP_STACK_OVERFLOW -> TrapKind.STACK_OVERFLOW;
      default -> TrapKind.OTHER;
    };
  }
}
