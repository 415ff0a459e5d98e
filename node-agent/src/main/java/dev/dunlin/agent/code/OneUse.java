package dev.dunlin.agent.code;

import dev.dunlin.engine.Module;
import dev.dunlin.oci.Digest;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One use of a module that can be let go of. Its mutable fields are guarded by itself. */
final class OneUse implements CompiledModules.Lease {
  private final CompiledModules modules;
  private final CompiledModules.Claim claim;
  private final Digest content;

  /** Null while it is let go of. */
  private CompiledModules.@Nullable Entry entry;

  /** Null while it is let go of, or on its way back. */
  private @Nullable Module module;

  private boolean closed;

  OneUse(
      CompiledModules modules,
      CompiledModules.Claim claim,
      Digest content,
      CompiledModules.Entry entry,
      Module module) {
    this.modules = modules;
    this.claim = claim;
    this.content = content;
    this.entry = entry;
    this.module = module;
  }

  /** Waits without the lock, so that it can be closed meanwhile. */
  @Override
  public Module module() throws InterruptedException {
    CompiledModules.Entry mine;
    synchronized (this) {
      if (closed) {
        throw new CancellationException("the module is given back");
      }
      if (module != null) {
        return module;
      }
      if (entry == null) {
        entry = modules.useAgain(claim, content);
      }
      mine = entry;
    }
    boolean taken = false;
    try {
      Module got = CompiledModules.await(mine);
      taken = take(mine, got);
      if (!taken) {
        throw new CancellationException("the module was given back meanwhile");
      }
      return got;
    } finally {
      if (!taken) {
        giveBack(mine);
      }
    }
  }

  private synchronized boolean take(CompiledModules.Entry mine, Module got) {
    if (entry == mine) {
      module = got;
    }
    return entry == mine;
  }

  private void giveBack(CompiledModules.Entry mine) {
    synchronized (this) {
      if (entry != mine) {
        return;
      }
      entry = null;
    }
    modules.giveBack(claim.digest(), mine);
  }

  @Override
  public synchronized Optional<Module> inMemory() {
    return Optional.ofNullable(module);
  }

  @Override
  public void letGo() {
    end(false);
  }

  @Override
  public void close() {
    end(true);
  }

  private void end(boolean forGood) {
    CompiledModules.Entry mine;
    synchronized (this) {
      closed |= forGood;
      mine = entry;
      entry = null;
      module = null;
    }
    if (mine != null) {
      modules.giveBack(claim.digest(), mine);
    }
  }
}
