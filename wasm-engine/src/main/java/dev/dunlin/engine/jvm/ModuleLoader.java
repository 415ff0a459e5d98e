package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.UnlinkableException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/** From bytes to {@link CompiledCode}: refuse, parse, validate, compile. */
final class ModuleLoader {
  private final JvmEngineOptions options;
  private final CodeCache cache;
  private final CodeCompiler compiler;

  /** One module at a time, since parsing takes many times a module's size in heap. */
  private final ReentrantLock loading = new ReentrantLock();

  ModuleLoader(JvmEngineOptions options, CodeCache cache) {
    this.options = options;
    this.cache = cache;
    this.compiler = new CodeCompiler(cache);
  }

  CompiledCode load(byte[] wasm) {
    Preamble.check(wasm, options);
    Outline.check(wasm, options);
    loading.lock();
    try {
      var key = cache.key(wasm);
      var cached = cache.read(key);
      // What is in the cache has passed validation once, which costs twice as much as parsing.
      var module = parse(wasm, cached.isEmpty());
      var wasiImports = ModuleCheck.check(module, options);
      if (cached.isEmpty()) {
        ModuleCheck.checkCode(module);
      }
      var machine =
          cached.isPresent() ? cached.get().machineFactory() : compiler.compile(module, key);
      return new CompiledCode(module, machine, wasiImports);
    } catch (OutOfMemoryError e) {
      throw new ModuleRefusedException(
          Reason.TOO_LARGE,
          "compiling this module of %,d bytes takes more heap than there is".formatted(wasm.length),
          e);
    } catch (StackOverflowError e) {
      throw new ModuleRefusedException(
          Reason.TOO_LARGE, "the module's code is nested too deeply to be compiled", e);
    } finally {
      loading.unlock();
    }
  }

  private static WasmModule parse(byte[] wasm, boolean validate) {
    try {
      return Parser.builder()
          .withCustomParsers(Map.of())
          .withValidation(validate)
          .build()
          .parse(() -> new java.io.ByteArrayInputStream(wasm));
    } catch (MalformedException e) {
      throw new ModuleRefusedException(
          Reason.MALFORMED, "the module cannot be decoded: " + e.getMessage(), e);
    } catch (UnlinkableException e) {
      throw new ModuleRefusedException(Reason.MISSING_IMPORT, text(e), e);
    } catch (WasmEngineException e) {
      throw new ModuleRefusedException(
          Reason.INVALID, "the module does not validate: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new ModuleRefusedException(
          Reason.MALFORMED, "the module cannot be decoded: " + e.getClass().getSimpleName(), e);
    }
  }

  private static String text(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
