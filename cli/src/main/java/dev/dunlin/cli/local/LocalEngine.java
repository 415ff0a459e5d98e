package dev.dunlin.cli.local;

import dev.dunlin.agent.config.ConfigException;
import dev.dunlin.agent.config.FileSources;
import dev.dunlin.agent.config.GuestConfig;
import dev.dunlin.agent.config.InstanceFiles;
import dev.dunlin.agent.config.VolumeSource;
import dev.dunlin.agent.disk.PrivateFolder;
import dev.dunlin.agent.instance.Workload;
import dev.dunlin.agent.instance.WorkloadFit;
import dev.dunlin.api.v1alpha1.WasmInstance;
import dev.dunlin.cli.app.Manifest;
import dev.dunlin.cli.image.CacheFolder;
import dev.dunlin.cli.image.ModuleFile;
import dev.dunlin.cli.terminal.Exit;
import dev.dunlin.cli.terminal.Failure;
import dev.dunlin.cli.terminal.Progress;
import dev.dunlin.cli.terminal.Terminal;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An engine as an agent has it, and the agent's own code that makes grants of an instance's spec.
 */
final class LocalEngine implements AutoCloseable {
  private static final long EMPTY_DIR_BYTES = 1L << 30;

  private final Terminal terminal;
  private final Engine engine;
  private final Path home;
  private final Path volumes;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

  private LocalEngine(Terminal terminal, Engine engine, Path home, Path volumes) {
    this.terminal = terminal;
    this.engine = engine;
    this.home = home;
    this.volumes = volumes;
  }

  /**
   * Opens one.
   *
   * @param volumes where WasmVolumes are kept, a folder each
   */
  static LocalEngine open(
      Terminal terminal, CacheFolder cache, Engines.Choice choice, Path volumes) {
    try {
      return new LocalEngine(
          terminal,
          Engines.open(cache.folder("compiled"), choice),
          Files.createTempDirectory("dunlin-run-"),
          volumes);
    } catch (IllegalStateException e) {
      throw new Failure(Exit.FAILED, "--engine: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Engine engine() {
    return engine;
  }

  /** Compiles a module, or takes its code from an earlier time. */
  Module load(ModuleFile module) {
    try {
      return new Progress(terminal, "compiling " + module.name())
          .during(() -> engine.load(module.path(), module.digest().toString()));
    } catch (ModuleRefusedException e) {
      throw new Failure(
          Exit.FAILED,
          "%s cannot run on the %s engine (%s): %s"
              .formatted(module.name(), engine.info().name(), e.reason(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.FAILED, module.name() + ": interrupted while it was compiled", e);
    } catch (IOException e) {
      throw new Failure(Exit.FAILED, module.name() + ": cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** That a module is of a kind that the instance can use. */
  static void requireFit(WasmInstance instance, Module module) {
    WorkloadFit.obstacle(Workload.of(instance.getSpec()), module.kind())
        .ifPresent(obstacle -> {
          throw new Failure(
              "%s: %s (dunlin run: --as KIND)".formatted(instance.getSpec().appName(), obstacle));
        });
  }

  /** What an agent would give the instance, and the folders that the user adds. */
  GuestConfig configure(WasmInstance instance, List<Manifest> files, List<Grants.Directory> added) {
    var config = new LocalConfig(files);
    VolumeSource folders =
        (of, claim) ->
            new VolumeSource.Folder(PrivateFolder.create(volumes, claim), Long.MAX_VALUE);
    var sources = new FileSources(config, config, folders, EMPTY_DIR_BYTES, workers);
    try (var instanceFiles =
        new InstanceFiles(
            instance,
            home.resolve(instance.getMetadata().getUid()),
            sources,
            (reason, message) -> terminal.say(reason + ": " + message))) {
      GuestConfig given = instanceFiles.configure();
      var directories = new ArrayList<>(given.grants().directories());
      directories.addAll(added);
      Grants grants = given.grants();
      return new GuestConfig(
          new Grants(grants.args(), grants.env(), directories, grants.allowedHosts()),
          given.limits());
    } catch (ConfigException e) {
      throw new Failure(
          Exit.FAILED,
          "%s: %s: %s Give its file with -f."
              .formatted(instance.getSpec().appName(), e.reason(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    engine.close();
    workers.shutdownNow();
    try {
      dev.dunlin.agent.disk.FolderRemoval.delete(home);
    } catch (IOException e) {
      terminal.say("%s stays: %s".formatted(home, e));
    }
  }
}
