package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.binary.Preamble;

/** Whether this engine takes a module at all, before anything is parsed. */
final class Admission {
  private Admission() {}

  static void check(byte[] wasm, JvmEngineOptions options) {
    switch (Preamble.check(wasm)) {
      case COMPONENT ->
          throw new ModuleRefusedException(
              Reason.COMPONENT_NOT_SUPPORTED,
              "this is a component, and the jvm engine runs core modules with WASI preview 1 only;"
                  + " build it for wasm32-wasip1");
      case CORE_MODULE -> {
        if (wasm.length > options.moduleBytes()) {
          throw new ModuleRefusedException(
              Reason.TOO_LARGE,
              "the module has %,d bytes, this engine takes at most %,d"
                  .formatted(wasm.length, options.moduleBytes()));
        }
      }
    }
  }
}
