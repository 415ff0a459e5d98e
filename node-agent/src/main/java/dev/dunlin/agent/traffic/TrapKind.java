package dev.dunlin.agent.traffic;

import dev.dunlin.engine.Outcome;
import java.util.Locale;
import java.util.Optional;

/** What a guest can be ended for: WebAssembly's traps, and the limits that it was given. */
public enum TrapKind {
  UNREACHABLE,
  MEMORY_OUT_OF_BOUNDS,
  TABLE_OUT_OF_BOUNDS,
  INDIRECT_CALL,
  INTEGER_DIVISION,
  INTEGER_OVERFLOW,
  STACK_OVERFLOW,
  OTHER,
  OUT_OF_MEMORY,
  CPU_TIME_EXCEEDED,
  DEADLINE_EXCEEDED;

  /** Empty where the guest ended by itself, or was told to. */
  public static Optional<TrapKind> of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Trapped(Outcome.TrapKind kind, String ignored) -> Optional.of(of(kind));
      case Outcome.OutOfMemory ignored -> Optional.of(OUT_OF_MEMORY);
      case Outcome.CpuTimeExceeded ignored -> Optional.of(CPU_TIME_EXCEEDED);
      case Outcome.DeadlineExceeded ignored -> Optional.of(DEADLINE_EXCEEDED);
      case Outcome.Exited ignored -> Optional.empty();
      case Outcome.Cancelled() -> Optional.empty();
    };
  }

  /** As metrics have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static TrapKind of(Outcome.TrapKind kind) {
    return switch (kind) {
      case UNREACHABLE -> UNREACHABLE;
      case MEMORY_OUT_OF_BOUNDS -> MEMORY_OUT_OF_BOUNDS;
      case TABLE_OUT_OF_BOUNDS -> TABLE_OUT_OF_BOUNDS;
      case INDIRECT_CALL -> INDIRECT_CALL;
      case INTEGER_DIVISION -> INTEGER_DIVISION;
      case INTEGER_OVERFLOW -> INTEGER_OVERFLOW;
      case STACK_OVERFLOW -> STACK_OVERFLOW;
      case OTHER -> OTHER;
    };
  }
}
