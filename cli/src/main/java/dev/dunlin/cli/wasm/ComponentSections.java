package dev.dunlin.cli.wasm;

import dev.dunlin.cli.terminal.Failure;
import java.util.Set;

/** Imports and exports of a component (component model, Binary.md: import and export sections). */
final class ComponentSections {
  private static final int IMPORTS = 10;
  private static final int EXPORTS = 11;
  private static final int WITH_OPTIONS = 2;

  private ComponentSections() {}

  static void read(int section, Bytes content, Set<String> imports, Set<String> exports) {
    switch (section) {
      case IMPORTS -> {
        for (int left = content.number(); left > 0; left--) {
          imports.add(name(content));
          skipDescription(content);
        }
      }
      case EXPORTS -> {
        for (int left = content.number(); left > 0; left--) {
          exports.add(name(content));
          skipSort(content);
          content.number();
          if (content.one() == 1) {
            skipDescription(content);
          }
        }
      }
      default -> {
        // Types and what is inside.
      }
    }
  }

  /** {@code importname'}: a form, then the name; what else a form says of it is passed over. */
  private static String name(Bytes content) {
    int form = content.one();
    if (form > WITH_OPTIONS) {
      throw new Failure(
          "component, byte %d: expected a form of name from 0 to 2, found %d"
              .formatted(content.position(), form));
    }
    String name = content.name();
    if (form == WITH_OPTIONS) {
      for (int left = content.number(); left > 0; left--) {
        content.one();
        content.name();
      }
    }
    return name;
  }

  private static void skipSort(Bytes content) {
    if (content.one() == 0) {
      content.one();
    }
  }

  private static void skipDescription(Bytes content) {
    int kind = content.one();
    switch (kind) {
      case 0x00 -> {
        content.one(); // 0x11: a core module
        content.number();
      }
      case 0x01, 0x04, 0x05 -> content.number();
      case 0x02 -> {
        content.one();
        content.number();
      }
      case 0x03 -> {
        if (content.one() == 0) {
          content.number();
        }
      }
      default ->
          throw new Failure(
              "component, byte %d: expected a kind of import from 0 to 5, found %d"
                  .formatted(content.position(), kind));
    }
  }
}
