package dev.dunlin.engine.jvm.memory;

/**
 * What the memories and tables of all guests together take of the Java heap, and the most that they
 * may: the rest belongs to those who run them. Safe for use by many threads.
 */
public final class GuestHeap {
  private static final GuestHeap OF_PROCESS =
      new GuestHeap(Runtime.getRuntime().maxMemory() / 4 * 3);

  private final long limitBytes;
  private long takenBytes; // guarded by this

  public GuestHeap(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Three quarters of this process's largest heap, shared by all engines in it. */
  public static GuestHeap ofProcess() {
    return OF_PROCESS;
  }

  public synchronized long takenBytes() {
    return takenBytes;
  }

  synchronized boolean take(long bytes) {
    if (bytes > limitBytes - takenBytes) {
      return false;
    }
    takenBytes += bytes;
    return true;
  }

  synchronized void giveBack(long bytes) {
    takenBytes -= bytes;
  }
}
