package dev.dunlin.engine.jvm.memory;

/**
 * The wall that the linear memories and tables of one instance share, and what they take of the
 * heap behind it. Reserved by the guest's thread only; read by any.
 */
public final class MemoryWall {
  /** Who has refused memory to the guest. */
  public enum Refusal {
    NONE,
    /** The guest's own limit. */
    LIMIT,
    /** The heap that all guests share is full; the limit was not reached. */
    HEAP
  }

  private final long limitBytes;
  private final GuestHeap heap;
  private volatile long usedBytes;
  private volatile Refusal refusal = Refusal.NONE;
  private long occupiedBytes; // guarded by this

  public MemoryWall(long limitBytes, GuestHeap heap) {
    this.limitBytes = limitBytes;
    this.heap = heap;
  }

  /** Takes {@code bytes} more, or takes nothing and remembers that it was refused. */
  synchronized boolean reserve(long bytes) {
    if (bytes < 0 || bytes > limitBytes - usedBytes) {
      refusal = Refusal.LIMIT;
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  /** Gives back a reservation that the Java heap could not honour. */
  synchronized void refuse(long bytes) {
    usedBytes -= bytes;
    refusal = Refusal.HEAP;
  }

  /** Takes room on the heap; false when there is none. */
  synchronized boolean occupy(long bytes) {
    if (!heap.take(bytes)) {
      return false;
    }
    occupiedBytes += bytes;
    return true;
  }

  synchronized void vacate(long bytes) {
    heap.giveBack(bytes);
    occupiedBytes -= bytes;
  }

  /** Gives the heap back, once the guest has ended; {@link #usedBytes} stays what it was. */
  public synchronized void release() {
    vacate(occupiedBytes);
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return usedBytes;
  }

  public Refusal refusal() {
    return refusal;
  }

  /** What a guest asks for at its start does not fit. */
  public static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenException() {
      super("initial memory and tables do not fit", null, false, false);
    }
  }
}
