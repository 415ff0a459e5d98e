package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.concurrent.CancellationException;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/** Decodes and validates a module, and says where it is wrong: Endive says only what. */
final class ModuleParser {
  private ModuleParser() {}

  /**
   * @throws ModuleRefusedException when the bytes are no module; its message tells the place
   * @throws CancellationException when the thread is interrupted while it validates
   */
  static WasmModule parse(byte[] wasm, boolean validate) {
    var module = decode(wasm);
    if (validate) {
      CodeValidation.check(module);
    }
    return module;
  }

  private static WasmModule decode(byte[] wasm) {
    try {
      return parser().parse(() -> new ByteArrayInputStream(wasm));
    } catch (MalformedException e) {
      throw malformed(wasm, reason(e), e);
    } catch (WasmEngineException e) {
      throw new ModuleRefusedException(
          Reason.INVALID,
          "the module does not validate: " + e.getMessage() + ", " + placeOf(wasm),
          e);
    } catch (RuntimeException | AssertionError e) {
      // Of Java, since Endive trusts the numbers that it reads; an AssertionError under java -ea.
      throw malformed(wasm, e.getClass().getSimpleName(), e);
    }
  }

  private static ModuleRefusedException malformed(byte[] wasm, String why, Throwable e) {
    return new ModuleRefusedException(
        Reason.MALFORMED, "the module cannot be decoded: " + why + ", " + placeOf(wasm), e);
  }

  /** Endive puts the same words before every reason. */
  private static String reason(MalformedException e) {
    return String.valueOf(
        e.getCause() instanceof MalformedException cause ? cause.getMessage() : e.getMessage());
  }

  private static Parser parser() {
    return Parser.builder().withCustomParsers(Map.of()).withValidation(false).build();
  }

  private static String placeOf(byte[] wasm) {
    var decoded = new int[1];
    try {
      parser().parse(new ByteArrayInputStream(wasm), section -> decoded[0]++);
      return "in how its sections fit together";
    } catch (RuntimeException | AssertionError again) {
      // The fault that is looked for: this time the sections before it have been counted.
      return Outline.section(wasm, decoded[0]);
    }
  }
}
