package dev.dunlin.cli.wasm;

import dev.dunlin.engine.binary.Preamble;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a binary asks for and offers.
 *
 * @param component whether it is one; else a core module
 * @param imports of a component the names of its imports ({@code wasi:http/types@0.2.0}), of a core
 *     module {@code module.name} of each
 * @param exports names
 */
public record Outline(boolean component, List<String> imports, List<String> exports) {
  private static final Pattern WORLD =
      Pattern.compile("(wasi:(?:cli|http))/[^@]+@([0-9]+\\.[0-9]+)(?:\\.[0-9]+)?");
  private static final Pattern PREVIEW_3 = Pattern.compile("wasi:[^@]+@0\\.3(\\..*)?");

  /** Which version and layer a component's sections are of; those of a module differ. */
  private static final int HEAD = 8;

  public Outline {
    imports = List.copyOf(imports);
    exports = List.copyOf(exports);
  }

  /**
   * Reads it.
   *
   * @throws dev.dunlin.engine.ModuleRefusedException when the bytes begin no binary
   * @throws dev.dunlin.cli.terminal.Failure when they go on as none
   */
  public static Outline of(byte[] wasm) {
    boolean component = Preamble.check(wasm) == Preamble.Format.COMPONENT;
    Set<String> imports = new LinkedHashSet<>();
    Set<String> exports = new LinkedHashSet<>();
    var bytes = new Bytes(wasm, HEAD, wasm.length);
    while (bytes.hasMore()) {
      int section = bytes.one();
      Bytes content = bytes.part(bytes.number());
      if (component) {
        ComponentSections.read(section, content, imports, exports);
      } else {
        CoreSections.read(section, content, imports, exports);
      }
    }
    return new Outline(component, new ArrayList<>(imports), new ArrayList<>(exports));
  }

  /** What it needs of an engine, in the words of {@code WasmNode.status.engine.features}. */
  public List<String> features() {
    if (!component) {
      return List.of("wasi:p1");
    }
    var features = new TreeSet<String>();
    features.add("component");
    Stream.concat(imports.stream(), exports.stream())
        .map(WORLD::matcher)
        .filter(Matcher::matches)
        .forEach(found -> features.add(found.group(1) + "@" + found.group(2)));
    return List.copyOf(features);
  }

  /** {@code os} of an artifact's configuration. */
  public String os() {
    if (!component) {
      return "wasip1";
    }
    return Stream.concat(imports.stream(), exports.stream())
            .anyMatch(name -> PREVIEW_3.matcher(name).matches())
        ? "wasip3"
        : "wasip2";
  }
}
