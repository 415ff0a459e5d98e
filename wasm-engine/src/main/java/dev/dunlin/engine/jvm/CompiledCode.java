package dev.dunlin.engine.jvm;

import java.util.List;
import java.util.function.Function;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;

/**
 * A module that has passed every check, and what runs its functions.
 *
 * @param wasiImports names of the WASI functions that it imports
 */
record CompiledCode(
    WasmModule module, Function<Instance, Machine> machine, List<String> wasiImports) {}
