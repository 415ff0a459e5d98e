package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.util.concurrent.locks.ReentrantLock;

/** From bytes to {@link CompiledCode}: refuse, parse, validate, compile. */
final class ModuleLoader {
  private final JvmEngineOptions options;
  private final CodeCache cache;
  private final CodeCompiler compiler;
  private final Compilations compilations;

  /** One module at a time, since parsing takes many times a module's size in heap. */
  private final ReentrantLock loading = new ReentrantLock();

  ModuleLoader(JvmEngineOptions options, CodeCache cache, Compilations compilations) {
    this.options = options;
    this.cache = cache;
    this.compilations = compilations;
    this.compiler = new CodeCompiler(cache);
  }

  /**
   * @throws java.util.concurrent.CancellationException when the thread is interrupted: at once
   *     while it waits for its turn, between two steps otherwise
   */
  CompiledCode load(byte[] wasm) {
    Admission.check(wasm, options);
    Outline.check(wasm, options);
    var key = cache.key(wasm);
    try (var compilation = compilations.enter(key, wasm.length)) {
      lock();
      try {
        compilation.begin();
        return load(wasm, key);
      } finally {
        loading.unlock();
      }
    } catch (OutOfMemoryError e) {
      throw new ModuleRefusedException(
          Reason.TOO_LARGE,
          "compiling this module of %,d bytes takes more heap than there is".formatted(wasm.length),
          e);
    } catch (StackOverflowError e) {
      throw new ModuleRefusedException(
          Reason.TOO_LARGE, "the module's code is nested too deeply to be compiled", e);
    }
  }

  private void lock() {
    try {
      loading.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CodeCompiler.cancelled();
    }
  }

  private CompiledCode load(byte[] wasm, String key) {
    var cached = cache.read(key);
    CodeCompiler.requireWanted();
    // What is in the cache has passed validation once, which costs twice as much as parsing.
    var module = ModuleParser.parse(wasm, cached.isEmpty());
    CodeCompiler.requireWanted();
    var wasiImports = ModuleCheck.check(module, options);
    if (cached.isEmpty()) {
      ModuleCheck.checkCode(module);
    }
    var machine =
        cached.isPresent() ? cached.get().machineFactory() : compiler.compile(module, key);
    CodeCompiler.requireWanted();
    return new CompiledCode(module, machine, wasiImports);
  }
}
