package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.jvm.memory.FlatMemory;
import dev.dunlin.engine.jvm.memory.GuestHeap;
import dev.dunlin.engine.jvm.memory.MemoryWall;
import dev.dunlin.engine.jvm.memory.WalledTable;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportGlobal;
import run.endive.runtime.ImportMemory;
import run.endive.runtime.ImportTable;
import run.endive.runtime.Instance;
import run.endive.runtime.Store;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.ValType;
import run.endive.wasm.types.Value;

/**
 * Loads and instantiates modules from the parts that {@link JvmEngine} is made of, but with any
 * imports and no entry point, as the core specification's suite needs them.
 */
final class SpecModules {
  private static final JvmEngineOptions OPTIONS = JvmEngineOptions.defaults();
  private static final String SPECTEST = "spectest";

  private final CodeCache cache;
  private final CodeCompiler compiler;
  private final MemoryWall wall = new MemoryWall(Long.MAX_VALUE, new GuestHeap(Long.MAX_VALUE));
  private final Store store = new Store();

  SpecModules(Path cacheDir) {
    this.cache = new CodeCache(cacheDir, EndiveVersion.TEXT);
    this.compiler = new CodeCompiler(cache);
    provideSpectest();
  }

  /** As {@link ModuleLoader}, without the checks of what a command imports and exports. */
  CompiledCode load(byte[] wasm) {
    Admission.check(wasm, OPTIONS);
    Outline.check(wasm, OPTIONS);
    var module = parse(wasm);
    ValidityCheck.check(module);
    ModuleCheck.checkFeatures(module);
    ModuleCheck.checkCode(module);
    return new CompiledCode(module, compiler.compile(module, cache.key(wasm)), List.of());
  }

  private static WasmModule parse(byte[] wasm) {
    try {
      return Parser.builder()
          .withCustomParsers(Map.of())
          .withValidation(true)
          .build()
          .parse(() -> new ByteArrayInputStream(wasm));
    } catch (MalformedException e) {
      throw new ModuleRefusedException(Reason.MALFORMED, String.valueOf(e.getMessage()), e);
    } catch (WasmEngineException e) {
      throw new ModuleRefusedException(Reason.INVALID, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      throw new ModuleRefusedException(Reason.MALFORMED, e.toString(), e);
    }
  }

  Instance instantiate(CompiledCode code) {
    return Instance.builder(code.module())
        .withImportValues(store.toImportValues())
        .withMachineFactory(code.machine())
        .withMemoryFactory(declared -> new FlatMemory(declared, wall))
        .withTableFactory((table, value) -> WalledTable.of(table, value, wall))
        .withStart(false)
        .build();
  }

  void register(String name, Instance instance) {
    store.register(name, instance);
  }

  private void provideSpectest() {
    function("print");
    function("print_i32", ValType.I32);
    function("print_i64", ValType.I64);
    function("print_f32", ValType.F32);
    function("print_f64", ValType.F64);
    function("print_i32_f32", ValType.I32, ValType.F32);
    function("print_f64_f64", ValType.F64, ValType.F64);
    global("global_i32", Value.i32(666));
    global("global_i64", Value.i64(666));
    global("global_f32", Value.fromFloat(666.6f));
    global("global_f64", Value.fromDouble(666.6));
    store.addMemory(
        new ImportMemory(SPECTEST, "memory", new FlatMemory(new MemoryLimits(1, 2), wall)));
    var table = new Table(ValType.FuncRef, new TableLimits(10, 20));
    store.addTable(
        new ImportTable(SPECTEST, "table", WalledTable.of(table, Value.REF_NULL_VALUE, wall)));
  }

  private void function(String name, ValType... params) {
    var type = FunctionType.of(List.of(params), List.of());
    store.addFunction(new HostFunction(SPECTEST, name, type, SpecModules::print));
  }

  private static long @Nullable [] print(Instance instance, long... args) {
    return null;
  }

  private void global(String name, Value value) {
    store.addGlobal(
        new ImportGlobal(SPECTEST, name, GlobalInstance.builder().value(value).build()));
  }
}
