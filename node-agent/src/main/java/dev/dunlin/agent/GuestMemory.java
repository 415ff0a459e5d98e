package dev.dunlin.agent;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much memory guests may have in all. The jvm engine keeps it on the Java heap, the native one
 * beside it.
 *
 * @param offeredBytes what placement may count on
 * @param mostBytes what guests never exceed together: more than is offered, because an app with
 *     several requests under way uses its limit several times
 */
record GuestMemory(long offeredBytes, long mostBytes) {
  private static final long LEAST_FOR_PROCESS = 192L << 20;
  private static final long MOST_FOR_PROCESS = 1L << 30;

  /** Of this process and its machine (or container), for an engine of that name. */
  static GuestMemory of(String engine) {
    long heap = Runtime.getRuntime().maxMemory();
    return engine.equals("native") ? besideHeap(heap, machineBytes()) : onHeap(heap);
  }

  static GuestMemory onHeap(long heapBytes) {
    return atMost(heapBytes / 4 * 3);
  }

  /**
   * What heap and process leave of the machine (or container); a quarter of it at least, however
   * large the heap may be.
   */
  static GuestMemory besideHeap(long heapBytes, long machineBytes) {
    return atMost(
        Math.max(machineBytes - heapBytes - processBytes(machineBytes), machineBytes / 4));
  }

  /**
   * For what the process needs besides heap and guests: the JVM's own, the native engine with its
   * compiled code, and the programs that compile.
   */
  static long processBytes(long machineBytes) {
    return Math.clamp(machineBytes / 8, LEAST_FOR_PROCESS, MOST_FOR_PROCESS);
  }

  private static GuestMemory atMost(long bytes) {
    return new GuestMemory(bytes / 3 * 2, bytes);
  }

  /** The same where somebody has said how much is offered. */
  GuestMemory offering(long bytes) {
    return new GuestMemory(bytes, Math.max(bytes, mostBytes));
  }

  private static long machineBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
