package dev.dunlin.engine;

/** These bytes cannot run on this engine, now or later: the user has to change the module. */
public final class ModuleRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a module is refused. */
  public enum Reason {
    /** The bytes do not begin with the WebAssembly magic number and a known version. */
    NOT_WASM,
    /** The binary cannot be decoded (WebAssembly core specification, chapter 5). */
    MALFORMED,
    /** The module does not validate (WebAssembly core specification, chapter 3). */
    INVALID,
    /** It imports something that this engine does not provide; the message names it. */
    MISSING_IMPORT,
    /** It exports nothing that can be called: neither {@code _start} nor a known world. */
    NO_ENTRY_POINT,
    /** It is a component, and this engine runs core modules only. */
    COMPONENT_NOT_SUPPORTED,
    /** It needs a feature of WebAssembly that this engine does not run (SIMD, say). */
    UNSUPPORTED_FEATURE,
    /** It asks for more (memory, functions, size) than this engine takes. */
    TOO_LARGE
  }

  private final Reason reason;

  public ModuleRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ModuleRefusedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
