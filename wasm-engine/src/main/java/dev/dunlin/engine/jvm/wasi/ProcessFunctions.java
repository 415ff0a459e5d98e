package dev.dunlin.engine.jvm.wasi;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** Arguments, environment, clocks, random numbers. */
final class ProcessFunctions {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_CHUNK = 64 << 10;

  static final int CLOCK_REALTIME = 0;
  static final int CLOCK_MONOTONIC = 1;
  private static final int CLOCK_PROCESS_CPU = 2;
  private static final int CLOCK_THREAD_CPU = 3;

  private ProcessFunctions() {}

  static void define(Preview1.Definitions wasi) {
    wasi.define("args_get", "ii", call -> storeStrings(call, call.process().args()));
    wasi.define("args_sizes_get", "ii", call -> storeSizes(call, call.process().args()));
    wasi.define("environ_get", "ii", call -> storeStrings(call, call.process().env()));
    wasi.define("environ_sizes_get", "ii", call -> storeSizes(call, call.process().env()));
    wasi.define("clock_res_get", "ii", call -> call.store64(1, resolution(call.i32(0))));
    wasi.define(
        "clock_time_get", "iIi", call -> call.store64(2, time(call.process(), call.i32(0))));
    wasi.define("random_get", "ii", ProcessFunctions::random);
    wasi.define("sched_yield", "", call -> Thread.onSpinWait());
    wasi.define(
        "proc_raise",
        "i",
        call -> {
          throw Errno.NOSYS.failure();
        });
  }

  private static void storeSizes(Call call, List<byte[]> strings) {
    call.store32(0, strings.size());
    call.store32(1, strings.stream().mapToInt(bytes -> bytes.length).sum());
  }

  private static void storeStrings(Call call, List<byte[]> strings) {
    int pointers = call.i32(0);
    int buffer = call.i32(1);
    for (var bytes : strings) {
      call.memory().writeI32(pointers, buffer);
      call.memory().write(buffer, bytes);
      pointers += Integer.BYTES;
      buffer += bytes.length;
    }
  }

  private static long resolution(int clock) {
    return switch (clock) {
      case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPU, CLOCK_THREAD_CPU -> 1_000;
      default -> throw Errno.INVAL.failure();
    };
  }

  static long time(GuestProcess process, int clock) {
    return switch (clock) {
      case CLOCK_REALTIME -> {
        var now = Instant.now();
        yield now.getEpochSecond() * 1_000_000_000L + now.getNano();
      }
      case CLOCK_MONOTONIC -> process.monotonicNanos();
      case CLOCK_PROCESS_CPU, CLOCK_THREAD_CPU ->
          Math.max(0, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
      default -> throw Errno.INVAL.failure();
    };
  }

  private static void random(Call call) {
    int pointer = call.i32(0);
    int length = call.i32(1);
    call.memory().checkRange(pointer, length);
    var chunk = new byte[Math.min(length, RANDOM_CHUNK)];
    for (int done = 0; done < length; done += chunk.length) {
      call.process().checkpoint();
      RANDOM.nextBytes(chunk);
      call.memory().write(pointer + done, chunk, 0, Math.min(chunk.length, length - done));
    }
  }
}
