package dev.dunlin.e2e.many;

import dev.dunlin.e2e.house.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What a program holds on to after a full garbage collection.
 *
 * @param heapBytes live objects
 * @param threads live platform threads
 * @param files open file descriptors, sockets included
 */
record Footprint(long heapBytes, long threads, long files) {

  /** Collects garbage in that program, then asks its /metrics. */
  static Footprint of(Program program) throws IOException, InterruptedException {
    collectGarbage(program.pid());
    List<String> metrics = program.admin("/metrics").text().lines().toList();
    return new Footprint(
        sum(metrics, "jvm_memory_used_bytes{area=\"heap\""),
        sum(metrics, "jvm_threads_live_threads"),
        sum(metrics, "process_files_open_files"));
  }

  private static void collectGarbage(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.run").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) throw new IOException("jcmd GC.run: " + said);
  }

  private static long sum(List<String> metrics, String series) {
    List<String> lines = metrics.stream().filter(line -> line.startsWith(series)).toList();
    if (lines.isEmpty()) throw new AssertionError("no series " + series + " in /metrics");
    return lines.stream()
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
