package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Outbound;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A component that answers requests. It outlives its code in memory: while nobody asks it anything
 * it is little more than its grants.
 */
final class ComponentGuest implements HttpGuest {
  private final Native library;
  private final Code code;
  private final Grants grants;
  private final Limits limits;
  private final int requestsPerInstance;
  private final SharedOutput out;
  private final SharedOutput err;
  private final long group;

  /** Null while no code is loaded for it. Written under the lock of this. */
  private volatile @Nullable Generation current;

  private volatile boolean closed;
  private volatile long lastUsedNanos = System.nanoTime();

  /** Those that are not yet freed. */
  private final List<Generation> generations = new CopyOnWriteArrayList<>();

  /** What all requests have used when the last generation was freed; guarded by this. */
  private Duration cpuSoFar = Duration.ZERO;

  /** What all freed generations have sent; guarded by this. */
  private Outbound outboundSoFar = Outbound.NONE;

  ComponentGuest(Native library, Code code, Grants grants, Limits limits, HttpSettings settings) {
    this.library = library;
    this.code = code;
    this.grants = grants;
    this.limits = limits;
    this.requestsPerInstance = settings.requestsPerInstance();
    this.out = new SharedOutput(settings.out());
    this.err = new SharedOutput(settings.err());
    this.group = library.border().groupNew(library.engine());
    code.add(this);
  }

  Limits limits() {
    return limits;
  }

  SharedOutput out() {
    return out;
  }

  SharedOutput err() {
    return err;
  }

  @Override
  public Outcome answer(HttpRequest request, HttpResponse response) throws InterruptedException {
    var run = new RequestRun(this, library, request, response);
    Generation generation;
    try {
      generation = enter();
    } catch (RuntimeException e) {
      run.retire();
      throw e;
    }
    try {
      return run.perform(request, generation.handle());
    } finally {
      lastUsedNanos = System.nanoTime();
      generation.leave();
    }
  }

  private Generation enter() {
    while (true) {
      var generation = current;
      if (generation == null) {
        renew();
      } else if (generation.enter()) {
        return generation;
      }
    }
  }

  private void renew() {
    long module = code.handle(); // may load it: not under the lock
    synchronized (this) {
      requireOpen();
      if (current == null) {
        long handle = newGuest(module);
        if (handle != Dunlin.BAD_HANDLE) { // else the code was unloaded in this moment
          var generation = new Generation(handle, this::free);
          generations.add(generation);
          current = generation;
        }
      }
    }
  }

  private long newGuest(long module) {
    var buffer = library.buffers().take();
    try {
      var spec = Spec.write(new Blob(buffer.data), grants, limits).u32(requestsPerInstance);
      long handle =
          library
              .border()
              .httpNew(
                  module,
                  group,
                  spec.segment(),
                  spec.length(),
                  buffer.message(),
                  Buffers.Buffer.MESSAGE_BYTES);
      if (handle <= 0 && handle != Dunlin.BAD_HANDLE) {
        throw Refusals.of(handle, buffer.messageText(), "the component cannot answer requests");
      }
      return handle;
    } finally {
      library.buffers().give(buffer);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the guest is closed");
    }
  }

  /** The next request takes the code that is the best then. */
  void retire() {
    Generation old;
    synchronized (this) {
      old = current;
      current = null;
    }
    if (old != null) {
      old.retire();
    }
  }

  /** Since when nobody has asked it anything; now, while somebody does. */
  long lastUsedNanos() {
    var generation = current;
    return generation == null || generation.isUnused() ? lastUsedNanos : System.nanoTime();
  }

  private void free(Generation generation) {
    var used = library.usageOfGuest(generation.handle());
    synchronized (this) {
      cpuSoFar = larger(cpuSoFar, used.cpu());
      outboundSoFar = outboundSoFar.plus(outbound(generation));
      generations.remove(generation);
    }
    library.border().httpFree(generation.handle());
  }

  @Override
  public synchronized Usage usage() {
    var cpu = cpuSoFar;
    long memory = 0;
    for (var generation : generations) {
      var used = library.usageOfGuest(generation.handle());
      cpu = larger(cpu, used.cpu()); // each tells of the whole group
      memory += used.memoryBytes();
    }
    return new Usage(cpu, memory);
  }

  @Override
  public synchronized Outbound outbound() {
    var all = outboundSoFar;
    for (var generation : generations) {
      all = all.plus(outbound(generation));
    }
    return all;
  }

  private Outbound outbound(Generation generation) {
    return OutboundCounts.ofGuest(library, generation.handle(), grants);
  }

  private static Duration larger(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    code.remove(this);
    retire();
    var underWay =
        library.events().listeners().stream()
            .filter(listener -> listener instanceof RequestRun run && run.isOf(this))
            .map(RequestRun.class::cast)
            .toList();
    underWay.forEach(RequestRun::cancel);
    underWay.forEach(RequestRun::awaitEnded);
    library.border().groupFree(group);
  }
}
