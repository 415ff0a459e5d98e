package dev.dunlin.agent.module;

import dev.dunlin.oci.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the cache holds, who uses it, and what must go: all in memory, owned by its own lock, which
 * no I/O happens under. Whoever changes a folder claims its manifest first.
 */
final class CacheIndex {
  /** What a caller gets who wants a manifest. */
  sealed interface Claim {
    /** It is there, checked, and pinned for the caller. */
    record Pinned(CachedModule module) implements Claim {}

    /** Somebody is at it; ask again when the future is done. */
    record Busy(CompletableFuture<Void> done) implements Claim {}

    /**
     * The caller is at it now and must {@link #release}; the module is there but not checked yet.
     */
    record Unchecked(CachedModule module) implements Claim {}

    /** The caller is at it now and must {@link #release}; there is no module. */
    record Missing() implements Claim {}
  }

  private static final class Slot {
    final CachedModule module;
    final Set<String> rights = new HashSet<>();
    int pins;
    long usedAt;
    boolean checked;

    Slot(CachedModule module) {
      this.module = module;
    }
  }

  private final long limitBytes;
  private final Map<Digest, Slot> slots = new HashMap<>();
  private final Map<Digest, Long> remnants = new HashMap<>();
  private final Map<Digest, Long> reserved = new HashMap<>();
  private final Map<Digest, CompletableFuture<Void>> busy = new HashMap<>();
  private long uses;

  CacheIndex(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  synchronized Claim claim(Digest manifest) {
    CompletableFuture<Void> done = busy.get(manifest);
    if (done != null) {
      return new Claim.Busy(done);
    }
    Slot slot = slots.get(manifest);
    if (slot != null && slot.checked) {
      slot.pins++;
      slot.usedAt = ++uses;
      return new Claim.Pinned(slot.module);
    }
    busy.put(manifest, new CompletableFuture<>());
    return slot == null ? new Claim.Missing() : new Claim.Unchecked(slot.module);
  }

  /** Ends a claim; those who wait ask again. */
  void release(Digest manifest) {
    CompletableFuture<Void> done;
    synchronized (this) {
      reserved.remove(manifest);
      done = busy.remove(manifest);
    }
    if (done != null) {
      done.complete(null);
    }
  }

  synchronized void unpin(Digest manifest) {
    Slot slot = slots.get(manifest);
    if (slot != null) {
      slot.pins--;
    }
  }

  /** A module that is on the disk; checked when its bytes were seen to be right in this life. */
  synchronized void add(CachedModule module, Set<String> rights, boolean checked) {
    var slot = new Slot(module);
    slot.rights.addAll(rights);
    slot.checked = checked;
    slot.usedAt = ++uses;
    slots.put(module.manifest(), slot);
    remnants.remove(module.manifest());
    reserved.remove(module.manifest());
  }

  synchronized void markChecked(Digest manifest) {
    Slot slot = slots.get(manifest);
    if (slot != null) {
      slot.checked = true;
    }
  }

  /** What nobody uses now is checked again before it is used. */
  synchronized void doubt(Digest manifest) {
    Slot slot = slots.get(manifest);
    if (slot != null && slot.pins == 0) {
      slot.checked = false;
    }
  }

  synchronized void remove(Digest manifest) {
    slots.remove(manifest);
    remnants.remove(manifest);
  }

  /** What a broken fetch left on the disk. */
  synchronized void addRemnant(Digest manifest, long bytes) {
    remnants.put(manifest, bytes);
  }

  synchronized Set<String> rights(Digest manifest) {
    Slot slot = slots.get(manifest);
    return slot == null ? Set.of() : Set.copyOf(slot.rights);
  }

  synchronized void grant(Digest manifest, Set<String> rights) {
    Slot slot = slots.get(manifest);
    if (slot != null) {
      slot.rights.addAll(rights);
    }
  }

  /**
   * Keeps {@code bytes} in all for a fetch, and says what must be deleted for that: first what
   * broken fetches left, then what was not used for longest, never what is pinned. The victims are
   * claimed for the caller, who deletes and releases them.
   *
   * @return null when there is no way
   */
  synchronized @Nullable List<Digest> reserve(Digest manifest, long bytes) {
    // What an earlier attempt left is part of what this one will hold.
    remnants.remove(manifest);
    reserved.put(manifest, bytes);
    List<Digest> victims = excess();
    if (usedBytes() - sum(victims.stream().map(this::bytesOf).toList()) > limitBytes) {
      reserved.remove(manifest);
      return null;
    }
    victims.forEach(this::claimVictim);
    return victims;
  }

  /** Claims what is over the limit, which may be lower than in an earlier life. */
  synchronized List<Digest> claimExcess() {
    List<Digest> victims = excess();
    victims.forEach(this::claimVictim);
    return victims;
  }

  /** Claims everything that may go, for a disk that is full. */
  synchronized List<Digest> claimEvictable() {
    List<Digest> victims = evictable();
    victims.forEach(this::claimVictim);
    return victims;
  }

  synchronized long usedBytes() {
    return sum(remnants.values())
        + sum(reserved.values())
        + slots.values().stream().mapToLong(slot -> slot.module.sizeBytes()).sum();
  }

  /** Most recently used first. */
  synchronized List<Digest> manifests() {
    return slots.values().stream()
        .sorted(Comparator.comparingLong((Slot slot) -> slot.usedAt).reversed())
        .map(slot -> slot.module.manifest())
        .toList();
  }

  private List<Digest> excess() {
    long excess = usedBytes() - limitBytes;
    var victims = new ArrayList<Digest>();
    for (Digest candidate : evictable()) {
      if (excess <= 0) {
        break;
      }
      excess -= bytesOf(candidate);
      victims.add(candidate);
    }
    return victims;
  }

  private List<Digest> evictable() {
    var candidates = new ArrayList<>(remnants.keySet());
    slots.values().stream()
        .filter(slot -> slot.pins == 0)
        .sorted(Comparator.comparingLong(slot -> slot.usedAt))
        .forEach(slot -> candidates.add(slot.module.manifest()));
    candidates.removeIf(busy::containsKey);
    return candidates;
  }

  private long bytesOf(Digest manifest) {
    Slot slot = slots.get(manifest);
    return slot != null ? slot.module.sizeBytes() : remnants.getOrDefault(manifest, 0L);
  }

  private void claimVictim(Digest manifest) {
    slots.remove(manifest);
    remnants.remove(manifest);
    busy.put(manifest, new CompletableFuture<>());
  }

  private static long sum(Iterable<Long> values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
