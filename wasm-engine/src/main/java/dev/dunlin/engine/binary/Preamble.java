package dev.dunlin.engine.binary;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What the first eight bytes tell, before anything is parsed (core specification, 5.5.16). */
public final class Preamble {
  private static final int BYTES = 8;
  private static final int MAGIC = 0x0061736D;
  private static final int CORE = 0x01000000;
  private static final int COMPONENT_LAYER = 0x0001;

  /** What the first bytes say that the rest is. */
  public enum Format {
    CORE_MODULE,
    COMPONENT
  }

  private Preamble() {}

  /**
   * Reads the first eight bytes.
   *
   * @throws ModuleRefusedException when they begin no WebAssembly binary; the message guesses what
   *     they begin instead
   */
  public static Format check(byte[] wasm) {
    if (wasm.length < BYTES || ByteBuffer.wrap(wasm).getInt() != MAGIC) {
      throw new ModuleRefusedException(
          Reason.NOT_WASM,
          "expected a WebAssembly module (bytes 00 61 73 6d 01 00 00 00), found " + found(wasm));
    }
    int version = ByteBuffer.wrap(wasm, Integer.BYTES, Integer.BYTES).getInt();
    if (version == CORE) {
      return Format.CORE_MODULE;
    }
    if (Short.toUnsignedInt(Short.reverseBytes((short) version)) == COMPONENT_LAYER) {
      return Format.COMPONENT;
    }
    throw new ModuleRefusedException(
        Reason.NOT_WASM,
        "expected version 1 of the binary format, found version bytes "
            + HexFormat.ofDelimiter(" ")
                .formatHex(ByteBuffer.allocate(Integer.BYTES).putInt(version).array()));
  }

  private static String found(byte[] bytes) {
    if (bytes.length == 0) {
      return "no bytes";
    }
    var start = java.util.Arrays.copyOf(bytes, Math.min(bytes.length, BYTES));
    var hex = HexFormat.ofDelimiter(" ").formatHex(start);
    return hex + guess(new String(start, StandardCharsets.ISO_8859_1));
  }

  private static String guess(String start) {
    if (start.startsWith("\u007fELF")) {
      return " (a Linux program)";
    }
    if (start.startsWith("\u001f\u008b")) {
      return " (gzip data)";
    }
    if (start.startsWith("(module") || start.startsWith("(compone")) {
      return " (WebAssembly text: assemble it first, with wat2wasm)";
    }
    return start.stripLeading().startsWith("<") ? " (HTML or XML)" : "";
  }
}
