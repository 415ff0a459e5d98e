package dev.dunlin.agent.testing;

import dev.dunlin.engine.Compilation;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.EngineInfo;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine that counts what it is given and what of it is open; it can be made to wait. */
public final class CountingEngine implements Engine {
  private final Engine engine;
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean forgetful;

  public CountingEngine(Engine engine) {
    this.engine = engine;
  }

  /** How many modules it was given, or has recalled. */
  public int loads() {
    return loads.get();
  }

  /** How many of them are open. */
  public int open() {
    return open.get();
  }

  /** It loads nothing until {@link #goOn}. */
  public void pause() {
    gate = new CountDownLatch(1);
  }

  public void goOn() {
    gate.countDown();
  }

  /** It recalls nothing any more. */
  public void forgetAll() {
    forgetful = true;
  }

  @Override
  public EngineInfo info() {
    return engine.info();
  }

  @Override
  public Module load(byte[] wasm) {
    await();
    return count(engine.load(wasm));
  }

  @Override
  public Module load(Path wasm, String digest) throws IOException {
    await();
    return count(engine.load(wasm, digest));
  }

  @Override
  public Optional<Module> recall(String digest) {
    await();
    return forgetful ? Optional.empty() : engine.recall(digest).map(this::count);
  }

  @Override
  public List<Compilation> compilations() {
    return engine.compilations();
  }

  @Override
  public void close() {
    engine.close();
  }

  private void await() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private Module count(Module module) {
    loads.incrementAndGet();
    open.incrementAndGet();
    return new Counted(module, open);
  }

  private record Counted(Module module, AtomicInteger open) implements Module {
    @Override
    public ModuleKind kind() {
      return module.kind();
    }

    @Override
    public boolean optimized() {
      return module.optimized();
    }

    @Override
    public Execution start(Grants grants, Limits limits, Stdio stdio) {
      return module.start(grants, limits, stdio);
    }

    @Override
    public HttpGuest http(Grants grants, Limits limits, HttpSettings settings) {
      return module.http(grants, limits, settings);
    }

    @Override
    public void close() {
      open.decrementAndGet();
      module.close();
    }
  }
}
