package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import dev.dunlin.engine.jvm.wasi.Preview1;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.ValType;

/** What a valid module must be besides, to be a command that this engine can run. */
final class ModuleCheck {
  private static final String START = "_start";
  private static final int MOST_EXPORTS_NAMED = 8;
  private static final int MOST_BRANCH_TARGETS = 32_768;
  private static final int SIMD_PREFIX = 0xFD;

  private ModuleCheck() {}

  /** The names of the WASI functions that the module imports. */
  static List<String> check(WasmModule module, JvmEngineOptions options) {
    checkSize(module, options);
    ValidityCheck.check(module);
    checkFeatures(module);
    var names = checkImports(module);
    checkStart(module);
    return names;
  }

  private static void checkSize(WasmModule module, JvmEngineOptions options) {
    int functions = module.functionSection().functionCount();
    if (functions > options.functions()) {
      throw new ModuleRefusedException(
          Reason.TOO_LARGE,
          "the module defines %,d functions, this engine takes at most %,d"
              .formatted(functions, options.functions()));
    }
  }

  static void checkFeatures(WasmModule module) {
    var types = module.typeSection();
    for (int i = 0; i < types.subTypeCount(); i++) {
      // Structs and arrays live on the Java heap, where no wall stands around one guest's.
      if (types.getSubType(i).compType().funcType() == null) {
        throw unsupported("garbage-collected types (structs, arrays)");
      }
      var function = types.getType(i);
      checkVectors(function.params());
      checkVectors(function.returns());
    }
    for (var global : module.globalSection().globals()) {
      checkVectors(List.of(global.valueType()));
    }
    var memories = module.memorySection();
    if (memories.isPresent()) {
      for (int i = 0; i < memories.get().memoryCount(); i++) {
        if (memories.get().getMemory(i).limits().shared()) {
          throw unsupported("threads (a shared memory)");
        }
      }
    }
  }

  private static void checkVectors(List<ValType> types) {
    if (types.contains(ValType.V128)) {
      throw unsupported("SIMD (v128)");
    }
  }

  /** What only compiling would meet; modules from the code cache have passed it. */
  static void checkCode(WasmModule module) {
    for (var body : module.codeSection().functionBodies()) {
      int targets = 0;
      checkVectors(body.localTypes());
      for (var instruction : body.instructions()) {
        switch (instruction.opcode()) {
          case BR_TABLE -> targets += instruction.operandCount();
          // Endive looks for an interrupt at calls and loops only: tail calls could go on for ever.
          case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF ->
              throw unsupported("tail calls");
          // The interpreter, to which a module falls that does not compile, would fail it midway.
          default -> {
            if (instruction.opcode().opcode() >> 8 == SIMD_PREFIX) {
              throw unsupported("SIMD (" + instruction.opcode() + ")");
            }
          }
        }
      }
      // The time to write them into a Java method grows with their square.
      if (targets > MOST_BRANCH_TARGETS) {
        throw new ModuleRefusedException(
            Reason.TOO_LARGE,
            "a function has %,d br_table targets, this engine takes at most %,d"
                .formatted(targets, MOST_BRANCH_TARGETS));
      }
    }
  }

  private static ModuleRefusedException unsupported(String what) {
    return new ModuleRefusedException(
        Reason.UNSUPPORTED_FEATURE, "the module uses " + what + ", which the jvm engine lacks");
  }

  private static List<String> checkImports(WasmModule module) {
    var names = new ArrayList<String>();
    var missing = new ArrayList<String>();
    module.importSection().stream()
        .forEach(wanted -> {
          if (provides(module, wanted)) {
            names.add(wanted.name());
          } else {
            missing.add(describe(module, wanted));
          }
        });
    if (!missing.isEmpty()) {
      throw new ModuleRefusedException(
          Reason.MISSING_IMPORT,
          "the module imports what nobody here provides: "
              + abridged(missing.stream())
              + "; provided are the functions of "
              + Preview1.MODULE);
    }
    return names.stream().distinct().toList();
  }

  private static boolean provides(WasmModule module, Import wanted) {
    if (!wanted.module().equals(Preview1.MODULE) || !(wanted instanceof FunctionImport function)) {
      return false;
    }
    var expected = Preview1.typeOf(wanted.name());
    return expected != null && expected.equals(typeOf(module, function));
  }

  private static FunctionType typeOf(WasmModule module, FunctionImport function) {
    return module.typeSection().getType(function.typeIndex());
  }

  private static String describe(WasmModule module, Import wanted) {
    var name = "%s %s.%s".formatted(kind(wanted.importType()), wanted.module(), wanted.name());
    if (wanted instanceof FunctionImport function && wanted.module().equals(Preview1.MODULE)) {
      var expected = Preview1.typeOf(wanted.name());
      return expected == null
          ? name + " (no such function in preview 1)"
          : name + " (as " + typeOf(module, function) + ", it is " + expected + ")";
    }
    return name;
  }

  private static String kind(ExternalType type) {
    return type.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static void checkStart(WasmModule module) {
    var exports = exports(module);
    var start = exports.stream().filter(export -> export.name().equals(START)).findFirst();
    if (start.isEmpty()) {
      throw new ModuleRefusedException(
          Reason.NO_ENTRY_POINT,
          "expected an exported function " + START + " (a WASI command), found " + found(exports));
    }
    if (start.get().exportType() != ExternalType.FUNCTION
        || !FunctionType.empty().equals(typeOf(module, start.get().index()))) {
      throw new ModuleRefusedException(
          Reason.NO_ENTRY_POINT,
          "expected the export " + START + " to be a function without parameters and results");
    }
  }

  private static FunctionType typeOf(WasmModule module, int function) {
    var imported =
        module.importSection().stream()
            .filter(FunctionImport.class::isInstance)
            .map(FunctionImport.class::cast)
            .toList();
    return function < imported.size()
        ? typeOf(module, imported.get(function))
        : module
            .functionSection()
            .getFunctionType(function - imported.size(), module.typeSection());
  }

  private static List<Export> exports(WasmModule module) {
    var section = module.exportSection();
    return IntStream.range(0, section.exportCount()).mapToObj(section::getExport).toList();
  }

  private static String found(List<Export> exports) {
    var functions =
        exports.stream()
            .filter(export -> export.exportType() == ExternalType.FUNCTION)
            .map(Export::name)
            .toList();
    if (functions.isEmpty()) {
      return "no exported function at all";
    }
    if (functions.contains("_initialize")) {
      return "_initialize: this is a reactor (a library); build it as a command";
    }
    return "only " + abridged(functions.stream()) + ": this is a library; build it as a command";
  }

  private static String abridged(Stream<String> names) {
    var all = names.toList();
    var shown = all.stream().limit(MOST_EXPORTS_NAMED).collect(Collectors.joining(", "));
    return all.size() > MOST_EXPORTS_NAMED
        ? shown + " and " + (all.size() - MOST_EXPORTS_NAMED) + " more"
        : shown;
  }
}
