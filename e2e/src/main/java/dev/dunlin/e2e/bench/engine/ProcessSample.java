package dev.dunlin.e2e.bench.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds now (proc(5)); a line of CSV. */
final class ProcessSample {
  static final String HEADER = "heap_kib,resident_kib,native_kib,threads,descriptors";
  private static final int KIB = 1024;

  private ProcessSample() {}

  /** After a collection: live objects only. {@code native}: anonymous memory beyond the heap. */
  static String now() throws IOException {
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long anonymous = status("RssAnon");
    return "%d,%d,%d,%d,%d"
        .formatted(
            heap.getUsed() / KIB,
            status("VmRSS"),
            Math.max(0, anonymous - heap.getCommitted() / KIB),
            status("Threads"),
            count("/proc/self/fd"));
  }

  private static long status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/self/status: expected a line " + field + ", found none");
  }

  private static long count(String folder) throws IOException {
    try (var entries = Files.list(Path.of(folder))) {
      return entries.count();
    }
  }
}
