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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiled modules by digest: one in memory for all the instances that run it, freed with the last
 * of them; what nobody waits for any more is not compiled to its end. At most {@code pulls} modules
 * are fetched, and {@code loads} given to the engine, at once; how many it compiles of these is the
 * engine's to say.
 */
public final class CompiledModules implements AutoCloseable {

  /** A use of a module; the module is there until it is closed. */
  public interface Lease extends AutoCloseable {
    Module module();

    @Override
    void close();
  }

  private static final class Entry {
    final CompletableFuture<Module> module = new CompletableFuture<>();
    int uses;
    @Nullable Future<?> loading;
  }

  private final ModuleSource source;
  private final Engine engine;
  private final Semaphore pulls;
  private final ThreadPoolExecutor loaders;

  /** By digest; guarded by itself, together with what changes in its entries. */
  private final Map<String, Entry> entries = new HashMap<>();

  public CompiledModules(ModuleSource source, Engine engine, int pulls, int loads) {
    this.source = source;
    this.engine = engine;
    this.pulls = new Semaphore(pulls, true);
    this.loaders =
        new ThreadPoolExecutor(
            loads,
            loads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("load-", 0).factory());
    loaders.allowCoreThreadTimeOut(true);
  }

  /**
   * Fetches and compiles a module, or finds it in memory; blocks until it is there. An interrupt
   * gives it up.
   *
   * @param fetched called when its bytes are on the disk, with their digest
   * @throws dev.dunlin.oci.RegistryException when its bytes cannot be had
   * @throws dev.dunlin.engine.ModuleRefusedException when they cannot run here
   */
  public Lease acquire(
      ImageReference image, ImagePullPolicy policy, Keychain keychain, Consumer<Digest> fetched)
      throws InterruptedException {
    String digest = String.valueOf(image.digest());
    // Asked for even when the code is in memory: not everybody may have what somebody runs.
    pulls.acquire();
    ModuleSource.Bytes bytes;
    try {
      bytes = source.get(image, policy, keychain);
    } finally {
      pulls.release();
    }
    try (bytes) {
      fetched.accept(bytes.content());
      return leased(digest, use(digest), bytes);
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

  @Override
  public void close() {
    loaders.shutdownNow();
  }

  private Entry use(String digest) {
    synchronized (entries) {
      Entry entry = entries.computeIfAbsent(digest, d -> new Entry());
      entry.uses++;
      return entry;
    }
  }

  private Lease leased(String digest, Entry entry, ModuleSource.Bytes bytes)
      throws InterruptedException {
    synchronized (entries) {
      if (entry.loading == null) {
        entry.loading = loaders.submit(() -> load(entry, bytes));
      }
    }
    return leased(digest, entry);
  }

  private void load(Entry entry, ModuleSource.Bytes bytes) {
    try {
      entry.module.complete(engine.load(bytes.path(), bytes.content().toString()));
    } catch (IOException e) {
      entry.module.completeExceptionally(
          new UncheckedIOException("cannot read " + bytes.path(), e));
    } catch (RuntimeException | Error e) {
      // An Error is one module's too: a compiler's StackOverflowError or OutOfMemoryError.
      entry.module.completeExceptionally(e);
    }
  }

  private Lease leased(String digest, Entry entry) throws InterruptedException {
    boolean taken = false;
    try {
      Module module = entry.module.get();
      taken = true;
      return new OneUse(digest, entry, module);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("the engine failed: " + e.getCause(), e.getCause());
    } finally {
      if (!taken) {
        giveBack(digest, entry);
      }
    }
  }

  private void giveBack(String digest, Entry entry) {
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
    var _ = entry.module.thenAccept(Module::close);
  }

  private final class OneUse implements Lease {
    private final String digest;
    private final Entry entry;
    private final Module module;

    /** Guarded by this. */
    private boolean closed;

    OneUse(String digest, Entry entry, Module module) {
      this.digest = digest;
      this.entry = entry;
      this.module = module;
    }

    @Override
    public Module module() {
      return module;
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      giveBack(digest, entry);
    }
  }
}
