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
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.Usage;
import dev.dunlin.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** An engine whose "modules" are texts and whose runs end when a test says so. */
public final class FakeEngine implements Engine {
  public volatile boolean closed;
  public volatile boolean waitsItsTurn;
  public volatile boolean remembers;
  public volatile CountDownLatch mayRecall = new CountDownLatch(0);
  public final List<FakeModule> recalled = new CopyOnWriteArrayList<>();
  private final List<Compilation> compilations = new CopyOnWriteArrayList<>();
  public final List<FakeModule> modules = new CopyOnWriteArrayList<>();
  public final List<FakeExecution> executions = new CopyOnWriteArrayList<>();

  @Override
  public EngineInfo info() {
    return new EngineInfo("fake", "1", List.of("wasi:p1"));
  }

  /** "refuse" is refused, "slow" is never compiled to its end, the name of a kind is of that. */
  @Override
  public Module load(byte[] wasm) {
    String text = new String(wasm, StandardCharsets.UTF_8);
    if (text.equals("refuse")) {
      throw new ModuleRefusedException(ModuleRefusedException.Reason.NOT_WASM, "not wasm");
    }
    if (text.equals("slow")) {
      awaitInterrupt(wasm);
    }
    var module =
        new FakeModule(
            Stream.of(ModuleKind.values())
                .filter(kind -> kind.name().equals(text))
                .findFirst()
                .orElse(ModuleKind.COMMAND));
    modules.add(module);
    return module;
  }

  @Override
  public Optional<Module> recall(String digest) {
    if (!remembers) {
      return Optional.empty();
    }
    try {
      mayRecall.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    var module = new FakeModule(ModuleKind.COMMAND);
    recalled.add(module);
    return Optional.of(module);
  }

  private void awaitInterrupt(byte[] wasm) {
    var told =
        new Compilation(
            Digest.of(wasm).toString(), wasm.length, Duration.ofSeconds(7), waitsItsTurn);
    compilations.add(told);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } finally {
      compilations.remove(told);
    }
  }

  @Override
  public List<Compilation> compilations() {
    return List.copyOf(compilations);
  }

  @Override
  public void close() {
    closed = true;
    executions.forEach(FakeExecution::close);
  }

  /** A module that is told how to answer requests. */
  public final class FakeModule implements Module {
    public volatile boolean closed;
    public volatile boolean optimized = true;
    public final List<Grants> granted = new CopyOnWriteArrayList<>();
    public final List<HttpSettings> settings = new CopyOnWriteArrayList<>();
    private final ModuleKind kind;

    FakeModule(ModuleKind kind) {
      this.kind = kind;
    }

    @Override
    public ModuleKind kind() {
      return kind;
    }

    @Override
    public boolean optimized() {
      return optimized;
    }

    @Override
    public Execution start(Grants grants, Limits limits, Stdio stdio) {
      var execution = new FakeExecution(grants, limits, stdio);
      executions.add(execution);
      return execution;
    }

    @Override
    public HttpGuest http(Grants grants, Limits limits, HttpSettings how) {
      granted.add(grants);
      settings.add(how);
      return new FakeGuest((request, response) -> {
        response.begin(200, List.of()).write("fake".getBytes(StandardCharsets.UTF_8));
        return new Outcome.Exited(0);
      });
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** A run that ends with {@link #end}. */
  public static final class FakeExecution implements Execution {
    public final Grants grants;
    public final Limits limits;
    public final Stdio stdio;
    public volatile Duration cpu = Duration.ZERO;
    public volatile boolean held;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    FakeExecution(Grants grants, Limits limits, Stdio stdio) {
      this.grants = grants;
      this.limits = limits;
      this.stdio = stdio;
    }

    public void end(Outcome how) {
      outcome.complete(how);
    }

    public boolean hasEnded() {
      return outcome.isDone();
    }

    @Override
    public Outcome outcome() {
      return outcome.join();
    }

    @Override
    public CompletionStage<Outcome> ended() {
      return outcome;
    }

    @Override
    public void cancel() {
      outcome.complete(new Outcome.Cancelled());
    }

    @Override
    public void hold(boolean wait) {
      held = wait;
    }

    @Override
    public Usage usage() {
      return new Usage(cpu, 65_536);
    }

    @Override
    public void close() {
      cancel();
    }
  }
}
