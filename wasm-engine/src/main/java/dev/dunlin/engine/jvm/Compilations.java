package dev.dunlin.engine.jvm;

import dev.dunlin.engine.Compilation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The modules that are being loaded, in the order in which they came. */
final class Compilations {
  private final List<Entry> entries = new ArrayList<>(); // guarded by this

  synchronized Entry enter(String sha256, long wasmBytes) {
    var entry = new Entry("sha256:" + sha256, wasmBytes);
    entries.add(entry);
    return entry;
  }

  synchronized List<Compilation> list() {
    return entries.stream().map(Entry::told).toList();
  }

  /** One of them; its fields are guarded by the list. */
  final class Entry implements AutoCloseable {
    private final String digest;
    private final long wasmBytes;
    private long sinceNanos = System.nanoTime();
    private boolean waiting = true;

    private Entry(String digest, long wasmBytes) {
      this.digest = digest;
      this.wasmBytes = wasmBytes;
    }

    /** Its turn has come. */
    void begin() {
      synchronized (Compilations.this) {
        waiting = false;
        sinceNanos = System.nanoTime();
      }
    }

    private Compilation told() {
      var since = Duration.ofNanos(System.nanoTime() - sinceNanos);
      return new Compilation(digest, wasmBytes, since, waiting);
    }

    @Override
    public void close() {
      synchronized (Compilations.this) {
        entries.remove(this);
      }
    }
  }
}
