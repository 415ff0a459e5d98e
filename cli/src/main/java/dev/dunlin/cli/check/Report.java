package dev.dunlin.cli.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dunlin.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a module.
 *
 * @param kind {@code core module} or {@code component}
 * @param runsAs kinds of workload, as a WasmApp names them; empty: none
 * @param engine which engine was asked, with its version
 * @param refusal why the engine does not run it; null when it does
 * @param features what a node's engine must have
 * @param nodes of a cluster that can run it, and that cannot; null where none was asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
    String name,
    String digest,
    long sizeBytes,
    String kind,
    List<String> runsAs,
    String engine,
    @Nullable String refusal,
    List<String> features,
    List<String> imports,
    List<String> exports,
    List<Grantable> grants,
    @Nullable Nodes nodes) {
  /** Nodes by whether their engine has all features. */
  record Nodes(List<String> able, List<String> unable) {}

  boolean canRun() {
    return refusal == null && (nodes == null || !nodes.able().isEmpty());
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("%s: %s, %s".formatted(name, kind, Terminal.size(sizeBytes)));
    add(lines, "digest", List.of(digest));
    add(
        lines,
        "runs",
        List.of(
            refusal == null
                ? "on the %s engine, as %s".formatted(engine, String.join(", ", runsAs))
                : "not on the %s engine: %s".formatted(engine, refusal)));
    add(lines, "needs", List.of(String.join(", ", features)));
    if (nodes != null) {
      add(
          lines,
          "nodes",
          List.of(
              "%d can run it%s"
                  .formatted(
                      nodes.able().size(),
                      nodes.unable().isEmpty()
                          ? ""
                          : ", %d cannot: %s"
                              .formatted(
                                  nodes.unable().size(), String.join(", ", nodes.unable())))));
    }
    add(lines, "imports", imports);
    add(lines, "exports", exports);
    add(
        lines,
        "grants",
        grants.stream()
            .flatMap(it ->
                java.util.stream.Stream.of(
                    shortened(it.imports()) + ": " + it.field(), "  without: " + it.without()))
            .toList());
    return lines;
  }

  private static String shortened(List<String> imports) {
    return imports.getFirst()
        + (imports.size() == 1 ? "" : " and %d more".formatted(imports.size() - 1));
  }

  private static void add(List<String> lines, String what, List<String> texts) {
    if (texts.isEmpty()) {
      lines.add("%-8s none".formatted(what));
    }
    for (int i = 0; i < texts.size(); i++) {
      lines.add("%-8s %s".formatted(i == 0 ? what : "", texts.get(i)).stripTrailing());
    }
  }
}
