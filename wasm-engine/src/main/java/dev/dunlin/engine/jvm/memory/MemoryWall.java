package dev.dunlin.engine.jvm.memory;

/**
 * The wall that the linear memories and tables of one instance share. Reserved by the guest's
 * thread only; read by any.
 */
public final class MemoryWall {
  private final long limitBytes;
  private volatile long usedBytes;
  private volatile boolean refused;

  public MemoryWall(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes {@code bytes} more, or takes nothing and remembers that it was refused. */
  synchronized boolean reserve(long bytes) {
    if (bytes < 0 || bytes > limitBytes - usedBytes) {
      refused = true;
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  /** Gives back a reservation that the Java heap could not honour. */
  synchronized void refuse(long bytes) {
    usedBytes -= bytes;
    refused = true;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return usedBytes;
  }

  public boolean refused() {
    return refused;
  }

  /** What a guest asks for at its start does not fit. */
  public static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenException() {
      super("initial memory and tables exceed the memory limit", null, false, false);
    }
  }
}
