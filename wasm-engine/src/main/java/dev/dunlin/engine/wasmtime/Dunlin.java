package dev.dunlin.engine.wasmtime;

/** The constants of dunlin.h, under the names that they have there without {@code DUNLIN_}. */
final class Dunlin {
  static final int ABI_VERSION = 3;

  static final int OK = 0;
  static final int WOULD_BLOCK = -1;
  static final int END = -2;
  static final int BAD_HANDLE = -3;
  static final int BAD_ARGUMENT = -4;
  static final int PANIC = -5;
  static final int FAILED = -6;
  static final int CLOSED = -7;
  static final int NOT_WASM = -20;
  static final int MALFORMED = -21;
  static final int INVALID = -22;
  static final int MISSING_IMPORT = -23;
  static final int NO_ENTRY_POINT = -24;
  static final int UNSUPPORTED_FEATURE = -25;
  static final int TOO_LARGE = -26;

  static final int COMMAND = 1;
  static final int COMMAND_COMPONENT = 2;
  static final int HTTP_COMPONENT = 3;

  static final int OPTIMIZED = 0;
  static final int BASELINE = 1;

  static final int INPUT = 0;
  static final int OUTPUT = 1;
  static final int ERRORS = 2;
  static final int BODY = 3;

  static final int ENDED = 1;
  static final int WANTS_INPUT = 2;
  static final int HAS_OUTPUT = 4;
  static final int HAS_ERRORS = 8;
  static final int HAS_RESPONSE = 16;
  static final int HAS_BODY = 32;

  static final int RUNNING = 0;
  static final int EXITED = 1;
  static final int TRAPPED = 2;
  static final int OUT_OF_MEMORY = 3;
  static final int DEADLINE_EXCEEDED = 4;
  static final int CPU_EXCEEDED = 5;
  static final int CANCELLED = 6;
  static final int BAD_RESPONSE = 7;
  static final int ENGINE_BUSY = 8;

  static final int TRAP_UNREACHABLE = 0;
  static final int TRAP_MEMORY_OUT_OF_BOUNDS = 1;
  static final int TRAP_TABLE_OUT_OF_BOUNDS = 2;
  static final int TRAP_INDIRECT_CALL = 3;
  static final int TRAP_INTEGER_DIVISION = 4;
  static final int TRAP_INTEGER_OVERFLOW = 5;
  static final int TRAP_STACK_OVERFLOW = 6;
  static final int TRAP_OTHER = 7;

  private Dunlin() {}
}
