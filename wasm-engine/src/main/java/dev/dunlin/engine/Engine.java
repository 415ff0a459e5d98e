package dev.dunlin.engine;

/** Runs WebAssembly modules. Safe for use by many threads. */
public interface Engine extends AutoCloseable {
  /** What this engine is and can run. */
  EngineInfo info();

  /**
   * Parses, validates and compiles a module. Costs CPU time in proportion to the module; call it
   * off any event loop.
   *
   * @param wasm the bytes of a core module or a component (WebAssembly binary format)
   * @throws ModuleRefusedException when these bytes can never run here; the reason says why
   */
  Module load(byte[] wasm);

  /** Ends every execution that is still under way, and frees what the engine holds. */
  @Override
  void close();
}
