package dev.dunlin.engine.jvm;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.ModuleRefusedException.Reason;

/**
 * Looks at a module's sections before anything is made of them (core specification, 5.5): what lies
 * about its size, or takes far more to parse than it has bytes, is refused here, at the cost of
 * nothing. Whether the rest is right is for the parser to say.
 */
final class Outline {
  private static final int PREAMBLE_BYTES = 8;
  private static final int CUSTOM = 0;
  private static final int IMPORTS = 2;
  private static final int FUNCTIONS = 3;
  private static final int TABLES = 4;
  private static final int MEMORIES = 5;
  private static final int START = 8;
  private static final int CODE = 10;
  private static final int DATA = 11;
  private static final int PASSIVE = 1;
  private static final int OF_A_MEMORY = 2;
  private static final int GLOBAL_GET = 0x23;
  private static final int I32_CONST = 0x41;
  private static final int END = 0x0b;
  private static final int NULLABLE_TYPED_REFERENCE = 0x63;
  private static final int TYPED_REFERENCE = 0x64;

  private static final int LAST_REFERENCE = 0x74;
  private static final int IMPORTED_FUNCTION = 0;
  private static final int IMPORTED_TABLE = 1;
  private static final int IMPORTED_MEMORY = 2;
  private static final int IMPORTED_GLOBAL = 3;
  private static final int IMPORTED_TAG = 4;
  private static final int LIMITS_HAVE_A_MAXIMUM = 1;
  private static final int LIMITS_OF_64_BITS = 4;

  /** Of a section; what web browsers agree on is of this order (JavaScript interface, 7). */
  private static final long MOST_ITEMS = 100_000;

  /** Thirty times what a Java method can hold at the most. */
  private static final long MOST_BODY_BYTES = 2 << 20;

  /** In all functions: a few bytes can declare thousands, each of which is an entry of a list. */
  private static final long MOST_LOCALS = 4_000_000;

  /** Heap that a byte of code takes at the very least while it is parsed and compiled. */
  private static final long HEAP_PER_CODE_BYTE = 40;

  private final byte[] wasm;
  private int at = PREAMBLE_BYTES;
  private int end;

  private Outline(byte[] wasm) {
    this.wasm = wasm;
    this.end = wasm.length;
  }

  static void check(byte[] wasm, JvmEngineOptions options) {
    new Outline(wasm).sections(options);
  }

  /** Where section number {@code index} is, counted as they come, in words. */
  static String section(byte[] wasm, int index) {
    return new Outline(wasm).place(index);
  }

  private String place(int index) {
    for (int i = 0; at < wasm.length; i++) {
      int begin = at;
      int id = next();
      long size = number();
      if (i == index) {
        return "in section %d, which begins at offset 0x%x".formatted(id, begin);
      }
      at = (int) Math.min(wasm.length, at + size);
    }
    return "at its end, offset 0x%x".formatted(wasm.length);
  }

  private void sections(JvmEngineOptions options) {
    while (at < wasm.length) {
      end = wasm.length;
      int id = next();
      long size = number();
      if (size > wasm.length - at) {
        throw malformed(
            "section %d says that it has %,d bytes, there are %,d"
                .formatted(id, size, wasm.length - at));
      }
      end = at + (int) size;
      section(id, size, options);
      at = end;
    }
  }

  private void section(int id, long size, JvmEngineOptions options) {
    if (id == CUSTOM || id == START || size == 0) {
      return;
    }
    long items = number();
    long most = id == FUNCTIONS || id == CODE ? options.functions() : MOST_ITEMS;
    if (items > most) {
      throw tooLarge(
          "section %d has %,d items, this engine takes at most %,d".formatted(id, items, most));
    }
    if (id == IMPORTS) {
      imports(items);
    } else if (id == MEMORIES) {
      for (long i = 0; i < items; i++) {
        limits();
      }
    } else if (id == TABLES) {
      // One that is followed by instructions, and those after it, are for the parser.
      for (long i = 0; i < items && at < end && isReference(wasm[at]); i++) {
        type();
        limits();
      }
    }
    if (id == DATA) {
      data(items);
    }
    if (id == CODE) {
      long heap = Runtime.getRuntime().maxMemory();
      if (size > heap / HEAP_PER_CODE_BYTE) {
        throw tooLarge(
            "compiling %,d bytes of code takes more heap than the %,d MiB that there are"
                .formatted(size, heap >> 20));
      }
      locals(items);
    }
  }

  private void imports(long items) {
    for (long i = 0; i < items; i++) {
      text();
      text();
      switch (next()) {
        case IMPORTED_FUNCTION -> number();
        case IMPORTED_TABLE -> {
          type();
          limits();
        }
        case IMPORTED_MEMORY -> limits();
        case IMPORTED_GLOBAL -> {
          type();
          next();
        }
        case IMPORTED_TAG -> {
          next();
          number();
        }
        default -> {
          return;
        }
      }
    }
  }

  private void text() {
    long bytes = number();
    if (bytes > end - at) {
      throw malformed("a name reaches beyond its section");
    }
    at += (int) bytes;
  }

  private void type() {
    if (isTypedReference(next())) {
      number();
    }
  }

  private void limits() {
    int flags = next();
    if ((flags & LIMITS_OF_64_BITS) != 0) {
      throw new ModuleRefusedException(
          Reason.UNSUPPORTED_FEATURE,
          "the module uses a memory or table of 64 bits, which the jvm engine lacks");
    }
    number();
    if ((flags & LIMITS_HAVE_A_MAXIMUM) != 0) {
      number();
    }
  }

  private void locals(long functions) {
    int section = end;
    long locals = 0;
    for (long i = 0; i < functions; i++) {
      long size = number();
      if (size > section - at) {
        throw malformed("function body %d reaches beyond the code section".formatted(i));
      }
      if (size > MOST_BODY_BYTES) {
        throw tooLarge(
            "function body %d has %,d bytes, this engine takes at most %,d"
                .formatted(i, size, MOST_BODY_BYTES));
      }
      end = at + (int) size;
      for (long groups = number(); groups > 0; groups--) {
        locals += number();
        if (locals > MOST_LOCALS) {
          throw tooLarge("its functions have more than %,d local variables".formatted(MOST_LOCALS));
        }
        if (isTypedReference(next())) {
          number();
        }
      }
      at = end;
      end = section;
    }
  }

  // The parser would make a segment's array before it looks whether the bytes are there.
  private void data(long segments) {
    for (long i = 0; i < segments; i++) {
      long mode = number();
      if (mode == OF_A_MEMORY) {
        number();
      }
      if (mode != PASSIVE && !isPlainOffset()) {
        return; // the rest is for the parser
      }
      long size = number();
      if (size > end - at) {
        throw malformed(
            "data segment %d says that it has %,d bytes, its section has %,d more"
                .formatted(i, size, end - at));
      }
      at += (int) size;
    }
  }

  /** Goes past an offset; false where it is more than a constant or a global. */
  private boolean isPlainOffset() {
    int opcode = next();
    if (opcode != I32_CONST && opcode != GLOBAL_GET) {
      return false;
    }
    number();
    return next() == END;
  }

  private static boolean isReference(byte type) {
    int code = Byte.toUnsignedInt(type);
    return code >= NULLABLE_TYPED_REFERENCE && code <= LAST_REFERENCE;
  }

  private static boolean isTypedReference(int type) {
    return type == TYPED_REFERENCE || type == NULLABLE_TYPED_REFERENCE;
  }

  private int next() {
    if (at >= end) {
      throw malformed("it ends in the middle");
    }
    return Byte.toUnsignedInt(wasm[at++]);
  }

  /** An unsigned number of 32 bits; of a signed one the bytes are the same. */
  private long number() {
    long value = 0;
    for (int shift = 0; shift < Integer.SIZE + 3; shift += 7) {
      int b = next();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed("a number is too long");
  }

  private ModuleRefusedException malformed(String why) {
    return new ModuleRefusedException(
        Reason.MALFORMED,
        "the module cannot be decoded: unexpected end: %s, at offset 0x%x".formatted(why, at));
  }

  private static ModuleRefusedException tooLarge(String why) {
    return new ModuleRefusedException(Reason.TOO_LARGE, "the module is too large: " + why);
  }
}
