package dev.dunlin.engine.jvm;

import dev.dunlin.engine.jvm.memory.GuestHeap;

/**
 * How much the pure-Java engine takes on.
 *
 * @param moduleBytes the largest module that is looked at; parsing takes about 50 times its size in
 *     heap
 * @param functions the most functions that a module may define
 * @param stackBytes Java stack of a guest's thread; about 3,000 to 12,000 calls deep per MiB
 * @param heap what all guests together may take of the Java heap
 */
public record JvmEngineOptions(int moduleBytes, int functions, long stackBytes, GuestHeap heap) {
  /** 32 MiB modules, 100,000 functions, 4 MiB stacks, three quarters of the process's heap. */
  public static JvmEngineOptions defaults() {
    return new JvmEngineOptions(32 << 20, 100_000, 4L << 20, GuestHeap.ofProcess());
  }
}
