package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.util.HashSet;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.TagImport;

/**
 * The rules of validation (core specification, 3.5) that Endive leaves to instantiation, or to
 * nobody.
 */
final class ValidityCheck {
  private final WasmModule module;

  private ValidityCheck(WasmModule module) {
    this.module = module;
  }

  static void check(WasmModule module) {
    var check = new ValidityCheck(module);
    check.imports();
    check.tags();
    check.tables();
    check.exports();
  }

  private void imports() {
    module.importSection().stream()
        .filter(FunctionImport.class::isInstance)
        .map(FunctionImport.class::cast)
        .forEach(function ->
            require(
                function.typeIndex() < module.typeSection().subTypeCount(),
                "the import %s.%s has the unknown type %d"
                    .formatted(function.module(), function.name(), function.typeIndex())));
  }

  private void tags() {
    module.importSection().stream()
        .filter(TagImport.class::isInstance)
        .map(TagImport.class::cast)
        .forEach(tag -> tag(tag.tagType().typeIdx()));
    module
        .tagSection()
        .ifPresent(section -> {
          for (var tag : section.types()) {
            tag(tag.typeIdx());
          }
        });
  }

  private void tag(int type) {
    require(
        type < module.typeSection().subTypeCount()
            && module.typeSection().getType(type).returns().isEmpty(),
        "a tag's type %d is no function without results".formatted(type));
  }

  private void tables() {
    int imported = module.importSection().count(ExternalType.GLOBAL);
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      for (var instruction : module.tableSection().getTable(i).initialize()) {
        require(
            instruction.opcode() != OpCode.GLOBAL_GET || instruction.operand(0) < imported,
            "table %d is initialised by a global that is not imported".formatted(i));
      }
    }
  }

  private void exports() {
    var names = new HashSet<String>();
    var section = module.exportSection();
    for (int i = 0; i < section.exportCount(); i++) {
      var export = section.getExport(i);
      require(names.add(export.name()), "two exports are named " + export.name());
      require(
          export.index() < count(export.exportType()),
          "the export %s is of the unknown %s %d"
              .formatted(
                  export.name(),
                  export.exportType().name().toLowerCase(java.util.Locale.ROOT),
                  export.index()));
    }
  }

  private int count(ExternalType type) {
    int defined =
        switch (type) {
          case FUNCTION -> module.functionSection().functionCount();
          case TABLE -> module.tableSection().tableCount();
          case MEMORY -> module.memorySection().map(section -> section.memoryCount()).orElse(0);
          case GLOBAL -> module.globalSection().globalCount();
          case TAG -> module.tagSection().map(section -> section.tagCount()).orElse(0);
        };
    return module.importSection().count(type) + defined;
  }

  private static void require(boolean valid, String otherwise) {
    if (!valid) {
      throw new ModuleRefusedException(
          Reason.INVALID, "the module does not validate: " + otherwise);
    }
  }
}
