package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ClassLoadingCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;

/**
 * Makes JVM classes of a module's functions. Uses Endive's compiler from inside, not its facade,
 * since only so it tells which functions it leaves to the interpreter.
 */
final class CodeCompiler {
  private static final Logger log = LoggerFactory.getLogger(CodeCompiler.class);

  /** Between two classes an interrupt is looked for. */
  private static final int FUNCTIONS_PER_CLASS = 512;

  private final CodeCache cache;

  CodeCompiler(CodeCache cache) {
    this.cache = cache;
  }

  /**
   * Compiles a valid module, and keeps the classes under {@code key}.
   *
   * @throws CancellationException when the thread is interrupted
   */
  Function<Instance, Machine> compile(WasmModule module, String key) {
    try {
      var result =
          Compiler.builder(module)
              .withInterpreterFallback(InterpreterFallback.SILENT)
              .withMaxFunctionsPerClass(FUNCTIONS_PER_CLASS)
              .withClassCollectorFactory(InterruptibleCollector::new)
              .build()
              .compile();
      if (!result.interpretedFunctions().isEmpty()) {
        log.info(
            "module {}: functions {} are too large for a Java method and run in the interpreter",
            key,
            result.interpretedFunctions());
      }
      var classes = (ClassLoadingCollector) result.collector();
      cache.write(key, classes);
      return classes.machineFactory();
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      requireInterpretable(e);
      log.info("module {}: runs in the interpreter, since it does not compile", key, e);
      return InterpreterMachine::new;
    }
  }

  // The interpreter lacks the same instructions, and would only say so once it meets one.
  private static void requireInterpretable(Throwable e) {
    var message = String.valueOf(e.getMessage());
    if (message.startsWith("Unhandled opcode")) {
      throw new ModuleRefusedException(
          Reason.UNSUPPORTED_FEATURE,
          "the module uses an instruction that the jvm engine lacks ("
              + message.substring("Unhandled opcode".length()).strip()
              + "); SIMD, for one, has to be off",
          e);
    }
  }

  /** Fails if nobody waits any more for what is being compiled. */
  static void requireWanted() {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled();
    }
  }

  static CancellationException cancelled() {
    return new CancellationException("the loading of a module was interrupted");
  }

  private static final class InterruptibleCollector extends ClassLoadingCollector {
    @Override
    public void put(String name, byte[] bytes) {
      requireWanted();
      super.put(name, bytes);
    }
  }
}
