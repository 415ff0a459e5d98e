package dev.dunlin.cli.check;

import dev.dunlin.cli.wasm.Outline;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a module can ask for and is not given unless it is named.
 *
 * @param imports by which it asks
 * @param field of the WasmApp that grants it
 * @param without what it meets where nothing is granted
 */
record Grantable(List<String> imports, String field, String without) {
  private static final String NETWORK = "network.allowedHosts (dunlin run: --allow-host)";
  private static final String FILES =
      "volumes and volumeMounts (dunlin run: --dir, or the same volumes)";
  private static final String VARIABLES = "env, envFrom (dunlin run: --env)";
  private static final String ARGUMENTS = "args";

  private record Rule(String prefix, String field, String without) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("wasi:http/outgoing-handler", NETWORK, "every request is refused"),
          new Rule("wasi:http/client", NETWORK, "every request is refused"),
          new Rule("wasi:sockets/", NETWORK, "every connection is refused"),
          new Rule("wasi:filesystem/", FILES, "it sees no file"),
          new Rule("wasi:cli/environment", VARIABLES + "; " + ARGUMENTS, "both are empty"),
          new Rule("wasi_snapshot_preview1.path_", FILES, "it sees no file"),
          new Rule("wasi_snapshot_preview1.environ_get", VARIABLES, "there is none"),
          new Rule("wasi_snapshot_preview1.args_get", ARGUMENTS, "only its own name"));

  Grantable {
    imports = List.copyOf(imports);
  }

  /** What that module can ask for, in the order of the rules. */
  static List<Grantable> of(Outline module) {
    var found = new ArrayList<Grantable>();
    for (Rule rule : RULES) {
      List<String> imports =
          module.imports().stream().filter(name -> name.startsWith(rule.prefix())).toList();
      if (!imports.isEmpty()) {
        found.add(new Grantable(imports, rule.field(), rule.without()));
      }
    }
    return found;
  }
}
