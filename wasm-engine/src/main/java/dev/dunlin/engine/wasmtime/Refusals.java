package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;

/** Statuses of dunlin.h as exceptions. */
final class Refusals {
  private Refusals() {}

  /**
   * What to throw for a negative status.
   *
   * @param what was tried, for the message of a fault that is not the module's
   */
  static RuntimeException of(long status, String message, String what) {
    return switch ((int) status) {
      case Dunlin.NOT_WASM -> refused(Reason.NOT_WASM, message);
      case Dunlin.MALFORMED ->
          refused(Reason.MALFORMED, "the module cannot be decoded: " + message);
      case Dunlin.INVALID -> refused(Reason.INVALID, "the module does not validate: " + message);
      case Dunlin.MISSING_IMPORT -> refused(Reason.MISSING_IMPORT, message);
      case Dunlin.NO_ENTRY_POINT -> refused(Reason.NO_ENTRY_POINT, message);
      case Dunlin.UNSUPPORTED_FEATURE -> refused(Reason.UNSUPPORTED_FEATURE, message);
      case Dunlin.TOO_LARGE -> refused(Reason.TOO_LARGE, message);
      case Dunlin.CLOSED -> new IllegalStateException("the engine is closed");
      case Dunlin.PANIC -> new IllegalStateException(what + ": the engine failed: " + message);
      default -> new IllegalStateException(what + ": status " + status + ", " + message);
    };
  }

  private static ModuleRefusedException refused(Reason reason, String message) {
    return new ModuleRefusedException(reason, message);
  }
}
