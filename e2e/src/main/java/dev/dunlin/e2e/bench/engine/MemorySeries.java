package dev.dunlin.e2e.bench.engine;

import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What one more app or instance costs this process. To be run with a heap of fixed size whose pages
 * are all there from the start: what is used of it is counted instead.
 */
final class MemorySeries {
  private MemorySeries() {}

  /** Instances that have touched {@code kib} of memory and sleep. */
  static void idle(Engine engine, byte[] wasm, int count, String kib)
      throws IOException, InterruptedException {
    try (Module module = EngineBench.loadOptimized(engine, wasm)) {
      EngineBench.require(
          module.run(
              EngineBench.grants(List.of("idle", "0", "0")), Limits.defaults(), Stdio.none()));
      List<Execution> executions = new ArrayList<>(count);
      var ready = new CountDownLatch(count);
      double before = usedKib();
      for (int i = 0; i < count; i++) {
        executions.add(
            module.start(
                EngineBench.grants(List.of("idle", kib, "1000")),
                Limits.defaults(),
                new Stdio(InputStream.nullInputStream(), new Announcement(ready), System.err)));
      }
      ready.await();
      System.out.printf("{\"kib\": %.2f}%n", (usedKib() - before) / count);
      executions.forEach(Execution::cancel);
      executions.forEach(Execution::close);
    }
  }

  /** Apps that have been made ready and get no request: without their ports, and with them. */
  static void apps(Engine engine, byte[] wasm, int count) throws IOException {
    List<AutoCloseable> opened = new ArrayList<>();
    List<HttpGuest> guests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EngineBench.loadOptimized(engine, variant(wasm, i)).close(); // compiled now, not below
    }
    HttpSeries.http(EngineBench.loadOptimized(engine, variant(wasm, count)), 1);
    try (HttpApps apps = HttpSeries.newApps()) {
      apps.serve(HttpSeries.member("first"), guest(engine, wasm, count + 1), EngineBench.nowhere());
      double before = usedKib();
      for (int i = 0; i < count; i++) {
        guests.add(guest(engine, wasm, i));
      }
      double withGuests = usedKib();
      for (int i = 0; i < count; i++) {
        opened.add(apps.serve(HttpSeries.member("app-" + i), guests.get(i), EngineBench.nowhere()));
      }
      double withPorts = usedKib();
      System.out.printf(
          "{\"kib\": %.2f, \"kib_with_port\": %.2f}%n",
          (withGuests - before) / count, (withPorts - before) / count);
    }
    if (opened.size() != guests.size()) {
      throw new IllegalStateException("expected all apps to be live until they were counted");
    }
  }

  private static HttpGuest guest(Engine engine, byte[] wasm, int number) {
    return HttpSeries.http(EngineBench.loadOptimized(engine, variant(wasm, number)), 1);
  }

  /** The same module with a custom section that makes its digest another. */
  private static byte[] variant(byte[] wasm, int number) {
    ByteBuffer section =
        ByteBuffer.allocate(wasm.length + 12).order(ByteOrder.LITTLE_ENDIAN).put(wasm);
    section
        .put((byte) 0)
        .put((byte) 10)
        .put((byte) 5)
        .put("bench".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return section.putInt(number).array();
  }

  private static double usedKib() throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    double heap = (runtime.totalMemory() - runtime.freeMemory()) / 1024.0;
    return heap + residentKib();
  }

  private static double residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
        .filter(line -> line.startsWith("Pss:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static final class Announcement extends OutputStream {
    private final CountDownLatch ready;

    Announcement(CountDownLatch ready) {
      this.ready = ready;
    }

    @Override
    public void write(int b) {
      if (b == '\n') {
        ready.countDown();
      }
    }
  }
}
