package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.cgi.CgiGuest;
import org.jspecify.annotations.Nullable;

/** Compiled code, and what its executions share with those of other modules. */
final class JvmModule implements Module {
  private final JvmEngine.Shared shared;
  private volatile @Nullable CompiledCode code;

  JvmModule(CompiledCode code, JvmEngine.Shared shared) {
    this.code = code;
    this.shared = shared;
  }

  @Override
  public ModuleKind kind() {
    return ModuleKind.COMMAND;
  }

  @Override
  public boolean optimized() {
    return true; // what the JVM makes of its classes as they run, it makes by itself
  }

  @Override
  public Execution start(Grants grants, Limits limits, Stdio stdio) {
    var open = code;
    if (open == null) {
      throw new IllegalStateException("the module is closed");
    }
    return JvmExecution.start(shared, new CommandRun(open, grants, limits, stdio, shared.heap()));
  }

  @Override
  public HttpGuest http(Grants grants, Limits limits, HttpSettings settings) {
    return new CgiGuest(this, grants, limits, settings.err());
  }

  @Override
  public void close() {
    code = null; // the classes go when the last execution that uses them has gone
  }
}
