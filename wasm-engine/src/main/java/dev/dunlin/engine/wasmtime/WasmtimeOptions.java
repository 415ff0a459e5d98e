package dev.dunlin.engine.wasmtime;

import java.time.Duration;

/**
 * What the native engine takes of the machine.
 *
 * @param guestMemoryBytes linear memory and tables of all guests together; 0: no limit but their
 *     own
 * @param maxInstances guests live at once
 * @param workers threads that run guests; 0: one a processor
 * @param largestModuleBytes what is larger is refused unread
 * @param straightBytes modules below it are optimized at once; those from it on begin with code
 *     that is made quickly
 * @param optimizingAtOnce long compilations at once
 * @param compileMemoryBytes what one compilation may take
 * @param longestCompile how long one compilation may take
 * @param codeBytes compiled code on the disk
 * @param idleAfter code that nobody uses for so long gives its memory back
 */
public record WasmtimeOptions(
    long guestMemoryBytes,
    int maxInstances,
    int workers,
    int largestModuleBytes,
    int straightBytes,
    int optimizingAtOnce,
    long compileMemoryBytes,
    Duration longestCompile,
    long codeBytes,
    Duration idleAfter) {
  /** 4,000 instances, modules up to 256 MiB, 8 GiB of code, unloaded after a minute. */
  public static WasmtimeOptions defaults() {
    return new WasmtimeOptions(
        0,
        4_000,
        0,
        256 << 20,
        512 << 10,
        1,
        4L << 30,
        Duration.ofMinutes(20),
        8L << 30,
        Duration.ofMinutes(1));
  }

  public WasmtimeOptions withGuestMemoryBytes(long bytes) {
    return new WasmtimeOptions(
        bytes,
        maxInstances,
        workers,
        largestModuleBytes,
        straightBytes,
        optimizingAtOnce,
        compileMemoryBytes,
        longestCompile,
        codeBytes,
        idleAfter);
  }

  public WasmtimeOptions withStraightBytes(int bytes) {
    return new WasmtimeOptions(
        guestMemoryBytes,
        maxInstances,
        workers,
        largestModuleBytes,
        bytes,
        optimizingAtOnce,
        compileMemoryBytes,
        longestCompile,
        codeBytes,
        idleAfter);
  }

  public WasmtimeOptions withIdleAfter(Duration after) {
    return new WasmtimeOptions(
        guestMemoryBytes,
        maxInstances,
        workers,
        largestModuleBytes,
        straightBytes,
        optimizingAtOnce,
        compileMemoryBytes,
        longestCompile,
        codeBytes,
        after);
  }
}
