package dev.dunlin.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs WebAssembly modules. Safe for use by many threads. */
public interface Engine extends AutoCloseable {
  /** What this engine is and can run. */
  EngineInfo info();

  /**
   * Parses, validates and compiles a module. Costs CPU time in proportion to the module; call it
   * off any event loop. An interrupt of the calling thread gives it up.
   *
   * @param wasm the bytes of a core module or a component (WebAssembly binary format)
   * @throws ModuleRefusedException when these bytes can never run here; the reason says why
   * @throws java.util.concurrent.CancellationException when the calling thread was interrupted; its
   *     interrupt flag stays set
   */
  Module load(byte[] wasm);

  /**
   * The same for a module on the disk whose digest the caller has checked: an engine that has its
   * code from an earlier time need not even read the file.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits
   * @throws IOException when the file cannot be read
   */
  default Module load(Path wasm, String digest) throws IOException {
    return load(Files.readAllBytes(wasm));
  }

  /**
   * A module from its code alone, as an earlier load has left it on the disk: nothing is compiled,
   * nor are its bytes needed. Empty where this engine has no such code, or none of use.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits
   * @throws java.util.concurrent.CancellationException when the calling thread was interrupted; its
   *     interrupt flag stays set
   */
  default Optional<Module> recall(String digest) {
    return Optional.empty();
  }

  /** What is being compiled now, or waits for it; those that have waited longest first. */
  List<Compilation> compilations();

  /** Ends every execution that is still under way, and frees what the engine holds. */
  @Override
  void close();
}
