package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.util.HexFormat;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.FunctionBody;

/**
 * Validates a module some functions at a time (core specification, 3), where Endive would validate
 * all at once: so it can be interrupted, and tells which function is wrong. The functions whose
 * turn it is not are {@code unreachable} meanwhile, which is valid for any type.
 */
final class CodeValidation {
  private static final int INSTRUCTIONS_AT_ONCE = 50_000;
  private static final FunctionBody UNREACHABLE =
      Parser.parse(
              HexFormat.of()
                  .parseHex("0061736d0100000001040160000003020100" + "0a050103" + "00000b"))
          .codeSection()
          .getFunctionBody(0);

  private final WasmModule module;
  private final FunctionBody[] bodies;
  private final int imported;

  private CodeValidation(WasmModule module) {
    this.module = module;
    this.bodies = module.codeSection().functionBodies();
    this.imported = module.importSection().count(run.endive.wasm.types.ExternalType.FUNCTION);
  }

  static void check(WasmModule module) {
    new CodeValidation(module).check();
  }

  private void check() {
    try {
      validate(0, 0);
    } catch (RuntimeException e) {
      throw invalid("outside of its functions' code, in the sections before it or after", e);
    }
    for (int from = 0; from < bodies.length; ) {
      CodeCompiler.requireWanted();
      int to = endOfGroup(from);
      try {
        validate(from, to);
      } catch (RuntimeException e) {
        throw wrongFunction(from, to, e);
      }
      from = to;
    }
  }

  private int endOfGroup(int from) {
    int to = from;
    for (long instructions = 0; to < bodies.length && instructions < INSTRUCTIONS_AT_ONCE; to++) {
      instructions += bodies[to].instructions().size();
    }
    return to;
  }

  private ModuleRefusedException wrongFunction(int from, int to, RuntimeException fault) {
    if (to - from == 1) {
      var code = bodies[from].instructions();
      return invalid(
          "in function %d, offset 0x%x to 0x%x"
              .formatted(imported + from, code.getFirst().address(), code.getLast().address()),
          fault);
    }
    int middle = (from + to) / 2;
    try {
      validate(from, middle);
    } catch (RuntimeException e) {
      return wrongFunction(from, middle, e);
    }
    return wrongFunction(middle, to, fault);
  }

  private static ModuleRefusedException invalid(String place, RuntimeException e) {
    // The validator says some faults by what Java throws at it.
    var why = e instanceof WasmEngineException ? e.getMessage() : e.getClass().getSimpleName();
    return new ModuleRefusedException(
        Reason.INVALID, "the module does not validate: " + why + ", " + place, e);
  }

  private void validate(int from, int to) {
    var code =
        CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
    for (int i = 0; i < bodies.length; i++) {
      code.addFunctionBody(i >= from && i < to ? bodies[i] : UNREACHABLE);
    }
    WasmModule.builder()
        .setTypeSection(module.typeSection())
        .setImportSection(module.importSection())
        .setFunctionSection(module.functionSection())
        .setTableSection(module.tableSection())
        .setMemorySection(module.memorySection().orElse(null))
        .setGlobalSection(module.globalSection())
        .setExportSection(module.exportSection())
        .setStartSection(module.startSection().orElse(null))
        .setElementSection(module.elementSection())
        .setCodeSection(code.build())
        .setDataSection(module.dataSection())
        .setDataCountSection(module.dataCountSection().orElse(null))
        .setTagSection(module.tagSection().orElse(null))
        .withValidation(true)
        .build();
  }
}
