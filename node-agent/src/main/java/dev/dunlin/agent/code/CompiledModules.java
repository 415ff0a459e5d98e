package dev.dunlin.agent.code;

import dev.dunlin.api.v1alpha1.ImagePullPolicy;
import dev.dunlin.engine.Compilation;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Module;
import dev.dunlin.oci.Digest;
import dev.dunlin.oci.ImageReference;
import dev.dunlin.oci.Keychain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiled modules by digest: one in memory for all the instances that run it, freed with the last
 * of them; what nobody waits for any more is not compiled to its end. At most {@code pulls} modules
 * are fetched, and {@code loads} given to the engine, at once; how many it compiles of these is the
 * engine's to say. What was compiled before is got back beside these, on {@code recalls} threads:
 * it waits for no compilation.
 */
public final class CompiledModules implements AutoCloseable {

  /** A use of a module; the module is there until it is closed, or let go of. */
  public interface Lease extends AutoCloseable {
    /**
     * The module. What was let go of is got back, from this node's disk if it can be: then this
     * blocks.
     *
     * @throws dev.dunlin.oci.RegistryException when it is not on the disk any more, and its bytes
     *     cannot be had
     * @throws dev.dunlin.engine.ModuleRefusedException when they cannot run here
     * @throws java.util.concurrent.CancellationException when this is closed
     */
    Module module() throws InterruptedException;

    /** The module, unless it was let go of. */
    Optional<Module> inMemory();

    /** Gives its memory back, where nobody else uses it; nothing may be under way on it. */
    void letGo();

    @Override
    void close();
  }

  /** Who wants a module, and may have it. */
  record Claim(ImageReference image, ImagePullPolicy policy, Supplier<Keychain> keychain) {
    String digest() {
      return String.valueOf(image.digest());
    }
  }

  static final class Entry {
    final CompletableFuture<Module> module = new CompletableFuture<>();
    int uses;
    @Nullable Future<?> loading;
  }

  private static final int SECONDS_KEPT = 10;
  private static final int PULLS_AT_ONCE = 16;

  /** Each holds a module's bytes in memory; most wait for their turn to be compiled. */
  private static final int LOADS_AT_ONCE = 16;

  /** Of code from the disk: mostly work of the processor. */
  private static final int RECALLS_AT_ONCE =
      Math.max(2, Runtime.getRuntime().availableProcessors());

  private final ModuleSource source;
  private final Engine engine;
  private final Semaphore pulls;
  private final ThreadPoolExecutor loaders;
  private final ThreadPoolExecutor recallers;

  /** By digest; guarded by itself, together with what changes in its entries. */
  private final Map<String, Entry> entries = new HashMap<>();

  public CompiledModules(ModuleSource source, Engine engine, int pulls, int loads, int recalls) {
    this.source = source;
    this.engine = engine;
    this.pulls = new Semaphore(pulls, true);
    this.loaders = threads("load-", loads);
    this.recallers = threads("recall-", recalls);
  }

  /** As many at once as an agent well does. */
  public static CompiledModules of(ModuleSource source, Engine engine) {
    return new CompiledModules(source, engine, PULLS_AT_ONCE, LOADS_AT_ONCE, RECALLS_AT_ONCE);
  }

  private static ThreadPoolExecutor threads(String name, int count) {
    var threads =
        new ThreadPoolExecutor(
            count,
            count,
            SECONDS_KEPT,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name, 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Fetches and compiles a module, or finds it in memory; blocks until it is there. An interrupt
   * gives it up.
   *
   * @param keychain asked again when the module was let go of and is not on the disk any more
   * @param fetched called when its bytes are on the disk, with their digest
   * @throws dev.dunlin.oci.RegistryException when its bytes cannot be had
   * @throws dev.dunlin.engine.ModuleRefusedException when they cannot run here
   */
  public Lease acquire(
      ImageReference image,
      ImagePullPolicy policy,
      Supplier<Keychain> keychain,
      Consumer<Digest> fetched)
      throws InterruptedException {
    var claim = new Claim(image, policy, keychain);
    // Asked for even when the code is in memory: not everybody may have what somebody runs.
    try (ModuleSource.Bytes bytes = pull(claim)) {
      fetched.accept(bytes.content());
      Entry entry = use(claim.digest());
      synchronized (entries) {
        if (entry.loading == null) {
          entry.loading = loaders.submit(() -> load(entry, bytes));
        }
      }
      return leased(claim, bytes.content(), entry);
    }
  }

  private Lease leased(Claim claim, Digest content, Entry entry) throws InterruptedException {
    boolean taken = false;
    try {
      Module module = await(entry);
      taken = true;
      return new OneUse(this, claim, content, entry, module);
    } finally {
      if (!taken) {
        giveBack(claim.digest(), entry);
      }
    }
  }

  private ModuleSource.Bytes pull(Claim claim) throws InterruptedException {
    pulls.acquire();
    try {
      return source.get(claim.image(), claim.policy(), claim.keychain().get());
    } finally {
      pulls.release();
    }
  }

  /** How far compiling those bytes is; empty when they are not being compiled. */
  public Optional<Compilation> compilation(Digest content) {
    String digest = content.toString();
    return engine.compilations().stream().filter(it -> it.digest().equals(digest)).findFirst();
  }

  /** How many modules are in memory. */
  public int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  /** How many use it, or wait for it. */
  int uses(ImageReference image) {
    synchronized (entries) {
      Entry entry = entries.get(String.valueOf(image.digest()));
      return entry == null ? 0 : entry.uses;
    }
  }

  @Override
  public void close() {
    loaders.shutdownNow();
    recallers.shutdownNow();
  }

  /**
   * Begins to use what was let go of; the first who does gets it back for all.
   *
   * @param content of the module's bytes
   */
  Entry useAgain(Claim claim, Digest content) {
    Entry entry = use(claim.digest());
    synchronized (entries) {
      if (entry.loading == null) {
        entry.loading = recallers.submit(() -> recall(entry, claim, content));
      }
    }
    return entry;
  }

  private Entry use(String digest) {
    synchronized (entries) {
      Entry entry = entries.computeIfAbsent(digest, d -> new Entry());
      entry.uses++;
      return entry;
    }
  }

  private void recall(Entry entry, Claim claim, Digest content) {
    settle(
        entry,
        () -> {
          Optional<Module> made = engine.recall(content.toString());
          if (made.isPresent()) {
            return made.get();
          }
          try (ModuleSource.Bytes bytes = bytesAgain(claim)) {
            return engine.load(bytes.path(), bytes.content().toString());
          }
        });
  }

  /** The registry was asked for these rights when the module was first acquired. */
  private ModuleSource.Bytes bytesAgain(Claim claim) throws InterruptedException {
    Optional<ModuleSource.Bytes> kept = source.kept(claim.image());
    return kept.isPresent() ? kept.get() : pull(claim);
  }

  private void load(Entry entry, ModuleSource.Bytes bytes) {
    settle(entry, () -> engine.load(bytes.path(), bytes.content().toString()));
  }

  private interface Load {
    Module get() throws IOException, InterruptedException;
  }

  private static void settle(Entry entry, Load load) {
    try {
      Module module = load.get();
      if (!entry.module.complete(module)) {
        module.close(); // nobody waits for it any more
      }
    } catch (IOException e) {
      entry.module.completeExceptionally(
          new UncheckedIOException("cannot read the module: " + e.getMessage(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      entry.module.completeExceptionally(new CancellationException("nobody waits for it any more"));
    } catch (RuntimeException | Error e) {
      // An Error is one module's too: a compiler's StackOverflowError or OutOfMemoryError.
      entry.module.completeExceptionally(e);
    }
  }

  /** Waits for a module in use. */
  static Module await(Entry entry) throws InterruptedException {
    try {
      return entry.module.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("the engine failed: " + e.getCause(), e.getCause());
    }
  }

  void giveBack(String digest, Entry entry) {
    Future<?> loading;
    synchronized (entries) {
      if (--entry.uses > 0) {
        return;
      }
      entries.remove(digest, entry);
      loading = entry.loading;
    }
    if (loading != null) {
      loading.cancel(true);
    }
    if (!entry.module.completeExceptionally(new CancellationException("given back"))) {
      var _ = entry.module.thenAccept(Module::close);
    }
  }
}
