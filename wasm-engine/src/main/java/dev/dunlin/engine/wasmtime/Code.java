package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.binary.Preamble;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code of one module, for all who use it. In memory only while it is used: it is mapped again
 * from the disk in a few milliseconds. Large modules begin with code that is made quickly, and
 * change over when the better has been made.
 */
final class Code {
  private static final Logger log = LoggerFactory.getLogger(Code.class);

  private final Workshop shop;
  private final String digest;
  private final Set<ComponentGuest> guests = ConcurrentHashMap.newKeySet();

  /** Held while the first code is made, which can take long; a waiter can be interrupted. */
  private final ReentrantLock making = new ReentrantLock();

  /** Written under the lock of this. */
  private volatile @Nullable Mapped mapped;

  private volatile long lastUsedNanos = System.nanoTime();
  private volatile boolean improving;
  private volatile int kind;
  // Guarded by this.
  private boolean closed;
  private CompileQueue.@Nullable Ticket better;

  private record Mapped(long handle, int how) {}

  Code(Workshop shop, String digest) {
    this.shop = shop;
    this.digest = digest;
  }

  String digest() {
    return digest;
  }

  /** One of dunlin.h's. */
  int kind() {
    return kind;
  }

  boolean isOptimized() {
    return !improving;
  }

  void add(ComponentGuest guest) {
    guests.add(guest);
  }

  void remove(ComponentGuest guest) {
    guests.remove(guest);
  }

  /**
   * Finds the code or makes it; then it is mapped.
   *
   * @throws ModuleRefusedException when this module cannot run here
   */
  void prepare(Workshop.Source wasm) throws InterruptedException, IOException {
    making.lockInterruptibly();
    try {
      if (mapped == null) {
        findOrMake(wasm);
      }
    } finally {
      making.unlock();
    }
  }

  /** Finds the best code there can be, and makes none; tells whether it is mapped. */
  boolean find() throws InterruptedException {
    making.lockInterruptibly();
    try {
      return mapped != null || findMade();
    } finally {
      making.unlock();
    }
  }

  private boolean findMade() {
    var known = shop.store().kind(digest);
    if (known.isEmpty() || !map(Dunlin.OPTIMIZED)) {
      return false;
    }
    kind = known.getAsInt();
    return true;
  }

  private void findOrMake(Workshop.Source source) throws InterruptedException, IOException {
    if (findMade()) {
      return;
    }
    byte[] wasm = source.read();
    check(wasm);
    kind = inspect(wasm);
    shop.store().keepWasm(digest, wasm);
    try {
      make(wasm.length);
    } finally {
      if (!improving) {
        shop.store().deleteWasm(digest);
      }
    }
    shop.store().keepKind(digest, kind);
    shop.evict();
  }

  private void check(byte[] wasm) {
    Preamble.check(wasm);
    int most = shop.options().largestModuleBytes();
    if (wasm.length > most) {
      throw new ModuleRefusedException(
          ModuleRefusedException.Reason.TOO_LARGE,
          "expected a module of at most %,d bytes, found %,d".formatted(most, wasm.length));
    }
    if (!Workshop.digest(wasm).equals(digest)) {
      throw new IllegalArgumentException(
          "expected a module of sha256:" + digest + ", found another");
    }
  }

  private void make(int wasmBytes) throws InterruptedException {
    if (wasmBytes < shop.options().straightBytes()) {
      compile(Dunlin.OPTIMIZED, wasmBytes, CompileQueue.Lane.QUICK);
      return;
    }
    try {
      if (!map(Dunlin.BASELINE)) {
        compile(Dunlin.BASELINE, wasmBytes, CompileQueue.Lane.QUICK);
      }
    } catch (ModuleRefusedException e) {
      // Winch lacks some features that Cranelift has.
      log.info("no quick code for sha256:{}: {}", digest, e.getMessage());
      compile(Dunlin.OPTIMIZED, wasmBytes, CompileQueue.Lane.LONG);
      return;
    }
    improve(wasmBytes);
  }

  private void compile(int how, int wasmBytes, CompileQueue.Lane lane) throws InterruptedException {
    try (var ticket = shop.queue().order(order(how, wasmBytes, lane))) {
      ticket.await();
    }
    if (!map(how)) {
      throw new IllegalStateException(
          "expected compiled code in " + shop.store().code(digest, how) + ", found none of use");
    }
  }

  private CompileQueue.Order order(int how, int wasmBytes, CompileQueue.Lane lane) {
    return new CompileQueue.Order(
        digest, wasmBytes, shop.store().wasm(digest), shop.store().code(digest, how), how, lane);
  }

  private void improve(int wasmBytes) {
    var ticket = shop.queue().order(order(Dunlin.OPTIMIZED, wasmBytes, CompileQueue.Lane.LONG));
    synchronized (this) {
      better = ticket;
      improving = true;
    }
    var _ =
        ticket.done().whenCompleteAsync((made, fault) -> improved(ticket, fault), shop.threads());
  }

  private void improved(CompileQueue.Ticket ticket, @Nullable Throwable fault) {
    ticket.close();
    if (fault == null) {
      boolean mappedNow = !isClosed() && map(Dunlin.OPTIMIZED);
      log.info("sha256:{} has its optimized code{}", digest, mappedNow ? "" : ", for later");
      shop.store().delete(shop.store().code(digest, Dunlin.BASELINE));
    } else if (!isClosed()) {
      log.warn("sha256:{} stays with its quick code: {}", digest, fault.getMessage());
    }
    shop.store().deleteWasm(digest);
    improving = false;
  }

  private int inspect(byte[] wasm) {
    var buffer = shop.library().buffers().take();
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(Math.max(1, wasm.length));
      MemorySegment.copy(wasm, 0, bytes, ValueLayout.JAVA_BYTE, 0, wasm.length);
      int status =
          shop.library()
              .border()
              .inspect(bytes, wasm.length, buffer.message(), Buffers.Buffer.MESSAGE_BYTES);
      if (status < 0) {
        throw Refusals.of(status, buffer.messageText(), "the module cannot be read");
      }
      return status;
    } finally {
      shop.library().buffers().give(buffer);
    }
  }

  /** Maps code that is on the disk; tells whether it was there and sound. */
  private boolean map(int how) {
    var file = shop.store().code(digest, how);
    if (!Files.exists(file)) {
      return false;
    }
    long handle = load(file, how);
    if (handle == Dunlin.FAILED) {
      shop.store().delete(file);
      return false;
    }
    shop.store().touch(file);
    Mapped old;
    synchronized (this) {
      old = mapped;
      boolean better = old == null || old.how() != Dunlin.OPTIMIZED;
      if (closed || !better) {
        shop.library().border().moduleFree(handle);
        return true;
      }
      mapped = new Mapped(handle, how);
    }
    lastUsedNanos = System.nanoTime();
    release(old);
    return true;
  }

  private long load(Path file, int how) {
    var buffer = shop.library().buffers().take();
    try {
      var path = new Blob(buffer.data).raw(file.toString().getBytes(StandardCharsets.UTF_8));
      long handle =
          shop.library()
              .border()
              .moduleLoad(
                  shop.library().engine(),
                  path.segment(),
                  path.length(),
                  how,
                  buffer.message(),
                  Buffers.Buffer.MESSAGE_BYTES);
      if (handle == Dunlin.FAILED) {
        log.warn("{} cannot be used and is made anew: {}", file, buffer.messageText());
      } else if (handle <= 0) {
        throw Refusals.of(handle, buffer.messageText(), "compiled code cannot be loaded");
      }
      return handle;
    } finally {
      shop.library().buffers().give(buffer);
    }
  }

  /**
   * The handle of the mapped code. It may be freed at any time; whoever then finds it bad asks
   * again.
   *
   * @throws IllegalStateException when nobody has this code open any more
   */
  long handle() {
    lastUsedNanos = System.nanoTime();
    var now = mapped;
    return now == null ? mapAgain() : now.handle();
  }

  private synchronized long mapAgain() {
    if (closed) {
      throw new IllegalStateException("the module is closed");
    }
    var now = mapped;
    if (now == null && (map(Dunlin.OPTIMIZED) || map(Dunlin.BASELINE))) {
      now = mapped;
    }
    if (now == null) {
      throw new IllegalStateException(
          "the compiled code of sha256:" + digest + " has gone from the disk");
    }
    return now.handle();
  }

  /** Gives the memory of the code back if nobody has used it since {@code sinceNanos}. */
  void unloadIfUnused(long sinceNanos) {
    if (mapped == null || lastUsedNanos - sinceNanos > 0) {
      return;
    }
    for (var guest : guests) {
      if (guest.lastUsedNanos() - sinceNanos > 0) {
        return;
      }
    }
    unmap();
  }

  private void unmap() {
    Mapped old;
    synchronized (this) {
      old = mapped;
      mapped = null;
    }
    release(old);
  }

  private void release(@Nullable Mapped old) {
    if (old != null) {
      guests.forEach(ComponentGuest::retire);
      shop.library().border().moduleFree(old.handle());
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /**
   * Frees the code once the last run of it has ended. What is being made is finished, for later.
   */
  void close() {
    CompileQueue.Ticket waiting;
    synchronized (this) {
      closed = true;
      waiting = better;
      better = null;
    }
    if (waiting != null) {
      waiting.closeUnlessBegun();
    }
    unmap();
  }
}
