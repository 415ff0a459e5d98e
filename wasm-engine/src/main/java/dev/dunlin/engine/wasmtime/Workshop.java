package dev.dunlin.engine.wasmtime;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Where code is made, kept and lent out: each module's once, however often it is loaded. */
final class Workshop implements AutoCloseable {
  private final Native library;
  private final WasmtimeOptions options;
  private final CodeStore store;
  private final CompileQueue queue;
  private final Executor threads = task -> Thread.ofVirtual().name("wasm-code").start(task);

  private volatile boolean closed;

  /** By digest; guarded by itself. */
  private final Map<String, Open> open = new HashMap<>();

  /** The bytes of a module. */
  interface Source {
    byte[] read() throws IOException;
  }

  private static final class Open {
    final Code code;
    int uses;

    Open(Code code) {
      this.code = code;
    }
  }

  Workshop(Native library, WasmtimeOptions options, CodeStore store, CompileQueue queue) {
    this.library = library;
    this.options = options;
    this.store = store;
    this.queue = queue;
  }

  Native library() {
    return library;
  }

  WasmtimeOptions options() {
    return options;
  }

  CodeStore store() {
    return store;
  }

  CompileQueue queue() {
    return queue;
  }

  /** For what goes on when code has been made. */
  Executor threads() {
    return threads;
  }

  /**
   * The code of a module, ready to run; to be given back.
   *
   * @param digest of the module, in hexadecimal
   * @param wasm asked only when there is no code of it
   * @throws dev.dunlin.engine.ModuleRefusedException when it cannot run here
   */
  Code lend(String digest, Source wasm) throws InterruptedException, IOException {
    Code code = open(digest);
    boolean ready = false;
    try {
      code.prepare(wasm);
      ready = true;
      return code;
    } finally {
      if (!ready) {
        giveBack(code);
      }
    }
  }

  /** The same without making any; empty where there is no code of it to be found. */
  Optional<Code> lendMade(String digest) throws InterruptedException {
    Code code = open(digest);
    boolean found = false;
    try {
      found = code.find();
      return found ? Optional.of(code) : Optional.empty();
    } finally {
      if (!found) {
        giveBack(code);
      }
    }
  }

  private Code open(String digest) {
    synchronized (open) {
      var entry = open.computeIfAbsent(digest, d -> new Open(new Code(this, d)));
      entry.uses++;
      return entry.code;
    }
  }

  void giveBack(Code code) {
    synchronized (open) {
      var entry = open.get(code.digest());
      if (entry == null || entry.code != code || --entry.uses > 0) {
        return;
      }
      open.remove(code.digest());
    }
    code.close();
  }

  /** Unloads what nobody has used for as long as the options say. */
  void unloadIdle() {
    long since = System.nanoTime() - options.idleAfter().toNanos();
    List<Code> codes;
    synchronized (open) {
      codes = open.values().stream().map(entry -> entry.code).toList();
    }
    codes.forEach(code -> code.unloadIfUnused(since));
  }

  void evict() {
    store.evict(digest -> {
      synchronized (open) {
        return open.containsKey(digest);
      }
    });
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    queue.close();
  }

  /** In hexadecimal. */
  static String digest(byte[] wasm) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
