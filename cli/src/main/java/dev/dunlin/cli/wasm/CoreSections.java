package dev.dunlin.cli.wasm;

import dev.dunlin.cli.terminal.Failure;
import java.util.Set;

/** Imports and exports of a core module (core specification, 5.5.5 and 5.5.10). */
final class CoreSections {
  private static final int IMPORTS = 2;
  private static final int EXPORTS = 7;
  private static final int FUNCTION = 0;
  private static final int TABLE = 1;
  private static final int MEMORY = 2;
  private static final int GLOBAL = 3;
  private static final int TAG = 4;

  private CoreSections() {}

  static void read(int section, Bytes content, Set<String> imports, Set<String> exports) {
    switch (section) {
      case IMPORTS -> {
        for (int left = content.number(); left > 0; left--) {
          String module = content.name();
          imports.add(module + "." + content.name());
          skipType(content);
        }
      }
      case EXPORTS -> {
        for (int left = content.number(); left > 0; left--) {
          exports.add(content.name());
          content.one();
          content.number();
        }
      }
      default -> {
        // Of no interest here.
      }
    }
  }

  private static void skipType(Bytes content) {
    int kind = content.one();
    switch (kind) {
      case FUNCTION -> content.number();
      case TABLE -> {
        skipReference(content);
        skipLimits(content);
      }
      case MEMORY -> skipLimits(content);
      case GLOBAL -> {
        skipReference(content);
        content.one();
      }
      case TAG -> {
        content.one();
        content.number();
      }
      default ->
          throw new Failure(
              "module, byte %d: expected a kind of import from 0 to 4, found %d"
                  .formatted(content.position(), kind));
    }
  }

  /** {@code (ref null? heaptype)} has a second number; other types are one byte. */
  private static void skipReference(Bytes content) {
    int type = content.one();
    if (type == 0x63 || type == 0x64) {
      content.number();
    }
  }

  private static void skipLimits(Bytes content) {
    int flags = content.one();
    content.number();
    if ((flags & 1) != 0) {
      content.number();
    }
  }
}
