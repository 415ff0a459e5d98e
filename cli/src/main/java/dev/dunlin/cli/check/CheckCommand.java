package dev.dunlin.cli.check;

import dev.dunlin.api.v1alpha1.WasmNode;
import dev.dunlin.cli.cluster.ClusterFlags;
import dev.dunlin.cli.image.CacheFolder;
import dev.dunlin.cli.image.ModuleFile;
import dev.dunlin.cli.image.Registries;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Output;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.cli.wasm.Outline;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.ModuleRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin check}. */
@Command(
    name = "check",
    description =
        "Says what a module imports, whether it can run here, and what it must be granted. Ends with 1 when it cannot run.")
public final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "MODULE", description = "A file, or an image.")
  private String module = "";

  @Option(names = "--engine", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Engines.Choice choice = Engines.Choice.AUTO;

  @Option(names = "--cluster", description = "Asks, too, which nodes of the cluster can run it.")
  private boolean asksCluster;

  @Mixin private final ClusterFlags cluster = new ClusterFlags();
  @Mixin private final Output output = new Output();
  @Mixin private final Registries registries = new Registries();

  public CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    CacheFolder cache = CacheFolder.of(System.getenv());
    ModuleFile file =
        module.endsWith(".wasm") || Files.exists(Path.of(module))
            ? ModuleFile.at(Path.of(module))
            : ModuleFile.pulled(module, registries, cache, terminal);
    Report report = report(file, cache);
    output.format().print(terminal, report, List.of(report.digest()), report::lines);
    return report.canRun() ? Exit.OK : Exit.FAILED;
  }

  /** Nodes by whether their engines have all that it needs; null where no cluster is asked. */
  private Report.@Nullable Nodes nodes(Outline outline) throws Exception {
    if (!asksCluster) {
      return null;
    }
    List<String> able = new ArrayList<>();
    List<String> unable = new ArrayList<>();
    int _ =
        cluster.with(in -> {
          for (WasmNode node : in.nodes()) {
            var engine = node.getStatus() == null ? null : node.getStatus().engine();
            boolean has = engine != null && engine.features().containsAll(outline.features());
            (has ? able : unable).add(node.getMetadata().getName());
          }
          return Exit.OK;
        });
    return new Report.Nodes(able, unable);
  }

  private Report report(ModuleFile file, CacheFolder cache) throws Exception {
    byte[] wasm = file.bytes();
    Outline outline;
    try {
      outline = Outline.of(wasm);
    } catch (ModuleRefusedException e) {
      throw new Failure(Exit.FAILED, file.name() + ": " + e.getMessage(), e);
    }
    try (Engine engine = Engines.open(cache.folder("compiled"), choice)) {
      @Nullable String refusal = null;
      List<String> runsAs = List.of();
      try (Module code = engine.load(file.path(), file.digest().toString())) {
        runsAs = runsAs(code.kind());
      } catch (ModuleRefusedException e) {
        refusal = e.reason() + ": " + e.getMessage();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Report(
          file.name(),
          file.digest().toString(),
          wasm.length,
          outline.component() ? "component" : "core module",
          runsAs,
          engine.info().name() + " " + engine.info().version(),
          refusal,
          outline.features(),
          outline.imports(),
          outline.exports(),
          Grantable.of(outline),
          nodes(outline));
    } catch (IllegalStateException e) {
      throw new Failure(Exit.FAILED, "--engine: " + e.getMessage(), e);
    }
  }

  private static List<String> runsAs(ModuleKind kind) {
    return switch (kind) {
      case HTTP_COMPONENT -> List.of("http");
      case COMMAND_COMPONENT -> List.of("worker", "job");
      case COMMAND -> List.of("http (CGI)", "worker", "job");
    };
  }
}
