package dev.dunlin.operator.image;

import dev.dunlin.oci.RemoteModule;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an engine must have to run a module, as far as its registry tells. Pure. */
final class Features {
  private static final String COMPONENT = "component";
  private static final String PREVIEW_1 = "wasi:p1";

  /** Versions of one track go together (0.2.6 and 0.2.12); drafts and candidates are nobody's. */
  private static final Pattern WORLD =
      Pattern.compile("(wasi:(?:cli|http))/[^@]+@([0-9]+\\.[0-9]+)(?:\\.[0-9]+)?");

  /**
   * In the words of {@code WasmNode.status.engine.features}; empty where nothing is known. What no
   * engine has a word for is left to the agent, who names the import that it lacks.
   */
  static List<String> of(RemoteModule module) {
    return switch (module.form()) {
      case CORE_MODULE -> List.of(PREVIEW_1);
      case COMPONENT -> ofComponent(module);
      case UNKNOWN -> List.of();
    };
  }

  private static List<String> ofComponent(RemoteModule module) {
    var features = new TreeSet<String>();
    features.add(COMPONENT);
    Stream.concat(module.imports().stream(), module.exports().stream())
        .map(WORLD::matcher)
        .filter(Matcher::matches)
        .forEach(found -> features.add(found.group(1) + "@" + found.group(2)));
    return List.copyOf(features);
  }

  private Features() {}
}
