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

  /** Of this process and its machine (or container), for an engine of that name. */
  static GuestMemory of(String engine) {
    long heap = Runtime.getRuntime().maxMemory();
    return engine.equals("native") ? besideHeap(heap, machineBytes()) : onHeap(heap);
  }

  static GuestMemory onHeap(long heapBytes) {
    return new GuestMemory(heapBytes / 2, heapBytes / 4 * 3);
  }

  /** At least a quarter of the machine counts as beside the heap, however large the heap may be. */
  static GuestMemory besideHeap(long heapBytes, long machineBytes) {
    return onHeap(Math.max(machineBytes - heapBytes, machineBytes / 4));
  }

  /** The same where somebody has said how much is offered. */
  GuestMemory offering(long bytes) {
    return new GuestMemory(bytes, Math.max(bytes, mostBytes));
  }

  private static long machineBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
