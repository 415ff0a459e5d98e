package dev.dunlin.cli.local;

import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.cli.app.AppFlags;
import dev.dunlin.cli.image.CacheFolder;
import dev.dunlin.cli.image.Registries;
import dev.dunlin.cli.project.Builder;
import dev.dunlin.cli.project.Sources;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dunlin dev}. */
@Command(
    name = "dev",
    description = {
      "Builds a project and runs it as dunlin run does; does both again whenever a source changes.",
      "An http app's port stays open meanwhile, and requests that are under way are answered. What does not build, or does not start, leaves the one before running."
    })
public final class DevCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description =
          "The project, with its wasmapp.yaml if there is one (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of(".");

  @Mixin private final LocalFlags local = new LocalFlags();
  @Mixin private final AppFlags flags = new AppFlags();
  @Mixin private final Builder builder = new Builder();

  public DevCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!Files.isDirectory(folder)) {
      throw Failure.usage("%s: expected a project's folder, found none".formatted(folder));
    }
    List<Grants.Directory> added = local.directories();
    CacheFolder cache = CacheFolder.of(System.getenv());
    Path volumes = folder.resolve(".dunlin/volumes").toAbsolutePath().normalize();
    try (LocalEngine runtime = LocalEngine.open(terminal, cache, local.engine(), volumes);
        HttpPort http = new HttpPort(terminal.err());
        Sources sources = Sources.of(folder)) {
      Thread working = Thread.currentThread();
      Thread ending = Thread.ofVirtual().start(() -> interruptAtTheEnd(working));
      try {
        while (true) {
          attempt(runtime, http, added, cache);
          sources.awaitChange();
          terminal.say("changed");
        }
      } catch (InterruptedException e) {
        if (terminal.ended().getCount() > 0) {
          throw e;
        }
      } finally {
        ending.interrupt();
      }
      return Exit.OK;
    }
  }

  private void interruptAtTheEnd(Thread working) {
    try {
      terminal.ended().await();
      working.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt(
      LocalEngine runtime, HttpPort http, List<Grants.Directory> added, CacheFolder cache)
      throws InterruptedException {
    long began = System.nanoTime();
    try {
      Path module = builder.build(folder, terminal, System.getenv());
      start(runtime, http, added, cache, module, began);
    } catch (Failure e) {
      terminal.say("dunlin: " + e.getMessage());
    }
  }

  private void start(
      LocalEngine runtime,
      HttpPort http,
      List<Grants.Directory> added,
      CacheFolder cache,
      Path module,
      long began)
      throws InterruptedException {
    boolean named = Files.exists(folder.resolve("wasmapp.yaml"));
    var said =
        new Target.Said(
            (named ? folder : module).toString(), Optional.of(module), List.of(), null, List.of());
    Target found = Target.find(said, flags, new Registries(), cache, terminal);
    Module code = runtime.load(found.module());
    boolean serves = false;
    try {
      WasmInstance instance =
          LocalInstance.of(
              RunCommand.asItRuns(found, code.kind()),
              found.module().digest(),
              local.port(),
              Instant.now());
      LocalEngine.requireFit(instance, code);
      GuestConfig given = runtime.configure(instance, found.files(), added);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      if (instance.getSpec().http() == null) {
        terminal.say("built and loaded in %d ms".formatted(millis));
        terminal.say("ended with " + CommandRun.run(terminal, instance, code, given));
      } else {
        http.serve(instance, code, given);
        serves = true;
        terminal.say(
            "%s answers on http://127.0.0.1:%d/ (built and loaded in %d ms)"
                .formatted(instance.getSpec().appName(), http.port(), millis));
      }
    } finally {
      if (!serves) {
        code.close();
      }
    }
  }
}
