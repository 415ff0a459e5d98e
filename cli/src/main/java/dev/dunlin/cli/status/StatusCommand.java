package dev.dunlin.cli.status;

import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.cli.cluster.Age;
import dev.dunlin.cli.cluster.Cluster;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Output;
import dev.dunlin.cli.terminal.Table;
import dev.dunlin.cli.terminal.Terminal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin status}. */
@Command(
    name = "status",
    description =
        "Shows the apps of a namespace; of one app where its replicas are, and what is said of it.")
public final class StatusCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(arity = "0..1", paramLabel = "APP", description = "A WasmApp; without: all.")
  private @Nullable String name;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "The apps of all namespaces.")
  private boolean everywhere;

  @Mixin private final Output output = new Output();
  @Mixin private final ClusterFlags cluster = new ClusterFlags();

  public StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    return cluster.with(it -> name == null ? all(it) : one(it, name));
  }

  private int one(Cluster in, String app) {
    WasmApp found = in.requireApp(app);
    var instances = in.instances(app);
    output
        .format()
        .print(
            terminal,
            Map.of("app", found, "instances", instances),
            List.of("wasmapp.dunlin.dev/" + app),
            () -> new Picture(found, instances, in.nodes(), Instant.now()).lines());
    return Exit.OK;
  }

  private int all(Cluster in) {
    List<WasmApp> apps = in.apps(everywhere);
    if (apps.isEmpty()) {
      terminal.say(
          everywhere
              ? "No WasmApps found."
              : "No WasmApps found in namespace %s.".formatted(in.namespace()));
    }
    output
        .format()
        .print(
            terminal,
            Map.of("items", apps),
            apps.stream().map(app -> "wasmapp.dunlin.dev/" + app.getMetadata().getName()).toList(),
            () -> apps.isEmpty() ? List.of() : table(apps));
    return Exit.OK;
  }

  private static List<String> table(List<WasmApp> apps) {
    var table = new Table("NAMESPACE", "NAME", "KIND", "READY", "STATE", "IMAGE", "AGE");
    apps.forEach(app ->
        table.row(
            app.getMetadata().getNamespace(),
            app.getMetadata().getName(),
            Words.kind(app),
            Words.ready(app),
            Words.state(app),
            app.getSpec().image(),
            Age.of(app.getMetadata().getCreationTimestamp(), Instant.now())));
    return table.lines();
  }
}
