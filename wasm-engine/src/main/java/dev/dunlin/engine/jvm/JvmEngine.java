package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Compilation;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.EngineInfo;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.jvm.memory.GuestHeap;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The pure-Java engine: core modules with WASI preview 1, on Endive. */
public final class JvmEngine implements Engine {
  private final EngineInfo info = new EngineInfo("jvm", EndiveVersion.TEXT, List.of("wasi:p1"));
  private final Compilations compilations = new Compilations();
  private final ModuleLoader loader;
  private final Shared shared;

  private JvmEngine(Path cacheDir, JvmEngineOptions options) {
    this.loader =
        new ModuleLoader(options, new CodeCache(cacheDir, EndiveVersion.TEXT), compilations);
    this.shared =
        new Shared(
            options.stackBytes(), options.heap(), new Watchdog(), ConcurrentHashMap.newKeySet());
  }

  /**
   * Opens an engine with the default options.
   *
   * @param cacheDir where compiled code is kept between runs of the program; nobody else may be
   *     able to write there, since its content is run
   */
  public static Engine open(Path cacheDir) {
    return open(cacheDir, JvmEngineOptions.defaults());
  }

  /** Opens an engine. */
  public static Engine open(Path cacheDir, JvmEngineOptions options) {
    EndOfGuest.load();
    return new JvmEngine(cacheDir, options);
  }

  @Override
  public EngineInfo info() {
    return info;
  }

  @Override
  public Module load(byte[] wasm) {
    return new JvmModule(loader.load(wasm), shared);
  }

  @Override
  public List<Compilation> compilations() {
    return compilations.list();
  }

  @Override
  public void close() {
    shared.executions().forEach(JvmExecution::cancel);
    shared.executions().forEach(JvmExecution::close);
    shared.watchdog().close();
  }

  /** What the executions of one engine share. */
  record Shared(long stackBytes, GuestHeap heap, Watchdog watchdog, Set<JvmExecution> executions) {}
}
