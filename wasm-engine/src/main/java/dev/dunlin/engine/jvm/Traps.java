package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Outcome.TrapKind;
import dev.dunlin.engine.Outcome.Trapped;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.runtime.WasmException;
import run.endive.wasm.WasmEngineException;

/** Names the trap behind an exception of Endive, which tells them apart by message only. */
final class Traps {
  private static final Logger log = LoggerFactory.getLogger(Traps.class);

  private static final Map<String, TrapKind> KINDS =
      Map.ofEntries(
          Map.entry("Trapped on unreachable", TrapKind.UNREACHABLE),
          Map.entry("out of bounds memory access", TrapKind.MEMORY_OUT_OF_BOUNDS),
          Map.entry("out of bounds table access", TrapKind.TABLE_OUT_OF_BOUNDS),
          Map.entry("undefined element", TrapKind.TABLE_OUT_OF_BOUNDS),
          Map.entry("uninitialized element", TrapKind.INDIRECT_CALL),
          Map.entry("indirect call type mismatch", TrapKind.INDIRECT_CALL),
          Map.entry("null function reference", TrapKind.INDIRECT_CALL),
          Map.entry("integer divide by zero", TrapKind.INTEGER_DIVISION),
          Map.entry("integer overflow", TrapKind.INTEGER_OVERFLOW),
          Map.entry("invalid conversion to integer", TrapKind.INTEGER_OVERFLOW),
          Map.entry("call stack exhausted", TrapKind.STACK_OVERFLOW));

  private Traps() {}

  static Trapped of(Throwable failure) {
    if (failure instanceof StackOverflowError) {
      return new Trapped(TrapKind.STACK_OVERFLOW, "call stack exhausted");
    }
    if (failure instanceof WasmException) {
      return new Trapped(TrapKind.OTHER, "exception that nothing in the guest catches");
    }
    var message = String.valueOf(failure.getMessage());
    for (var entry : KINDS.entrySet()) {
      if (message.startsWith(entry.getKey())) {
        return new Trapped(entry.getValue(), message);
      }
    }
    if (failure instanceof WasmEngineException) {
      return new Trapped(TrapKind.OTHER, message);
    }
    log.warn("the engine failed a guest", failure);
    return new Trapped(TrapKind.OTHER, "the engine failed: " + failure.getClass().getSimpleName());
  }
}
