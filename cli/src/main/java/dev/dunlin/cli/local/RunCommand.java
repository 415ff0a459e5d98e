package dev.dunlin.cli.local;

import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.api.v1alpha1.JobWorkload;
import dev.dunlin.api.v1alpha1.WasmApp;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.cli.app.AppFlags;
import dev.dunlin.cli.image.CacheFolder;
import dev.dunlin.cli.image.Registries;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dunlin run}. */
@Command(
    name = "run",
    description = {
      "Runs an app on this machine, without a cluster: on the same engine, with what a cluster would grant it, and nothing else.",
      "An http app answers on a port of the loopback until Ctrl-C; a command runs once, and its exit code is the one here."
    })
public final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "TARGET",
      description =
          "A folder with wasmapp.yaml and app.wasm, a WasmApp's YAML file, a module, or an image.")
  private String target = ".";

  @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments of the guest, after --.")
  private List<String> args = new ArrayList<>();

  @Option(
      names = {"-m", "--module"},
      paramLabel = "FILE",
      description = "This module instead of the image that the WasmApp names.")
  private @Nullable Path module;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "More YAML: ConfigMaps and Secrets that the app refers to; repeatable.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "Which WasmApp of the file, or how a bare module is called.")
  private @Nullable String app;

  @Option(
      names = "--volumes",
      paramLabel = "FOLDER",
      description = "Where WasmVolumes are kept, a folder each (default: ${DEFAULT-VALUE}).")
  private Path volumes = Path.of(".dunlin", "volumes");

  @Mixin private final LocalFlags local = new LocalFlags();
  @Mixin private final AppFlags flags = new AppFlags();
  @Mixin private final Registries registries = new Registries();

  public RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    CacheFolder cache = CacheFolder.of(System.getenv());
    List<Grants.Directory> added = local.directories();
    var said = new Target.Said(target, Optional.ofNullable(module), files, app, args);
    Target found = Target.find(said, flags, registries, cache, terminal);
    try (LocalEngine runtime =
            LocalEngine.open(
                terminal, cache, local.engine(), volumes.toAbsolutePath().normalize());
        Module code = runtime.load(found.module())) {
      WasmInstance instance =
          LocalInstance.of(
              asItRuns(found, code.kind()), found.module().digest(), local.port(), Instant.now());
      LocalEngine.requireFit(instance, code);
      GuestConfig given = runtime.configure(instance, found.files(), added);
      return instance.getSpec().http() == null
          ? CommandRun.run(terminal, instance, code, given)
          : serve(instance, code, given);
    }
  }

  /** A bare command runs once unless told: nobody said that it speaks HTTP. */
  static WasmApp asItRuns(Target found, ModuleKind kind) {
    if (!found.named() && kind != ModuleKind.HTTP_COMPONENT) {
      Map<?, ?> spec =
          Serialization.unmarshal(Serialization.asJson(found.app().getSpec()), Map.class);
      var job = new java.util.LinkedHashMap<Object, Object>(spec);
      job.put("job", JobWorkload.DEFAULT);
      found
          .app()
          .setSpec(
              Serialization.unmarshal(
                  Serialization.asJson(job), dev.dunlin.api.v1alpha1.WasmAppSpec.class));
    }
    return found.app();
  }

  private int serve(WasmInstance instance, Module code, GuestConfig given)
      throws InterruptedException {
    try (var http = new HttpPort(terminal.err())) {
      http.serve(instance, code, given);
      terminal.say(
          "%s answers on http://127.0.0.1:%d/ (Ctrl-C ends it)"
              .formatted(instance.getSpec().appName(), http.port()));
      terminal.ended().await();
    }
    return Exit.OK;
  }
}
