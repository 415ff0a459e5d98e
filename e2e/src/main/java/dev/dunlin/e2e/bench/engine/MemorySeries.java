package dev.dunlin.e2e.bench.engine;

import dev.dunlin.agent.http.HttpApps;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Execution;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.engine.wasmtime.WasmtimeEngine;
import dev.dunlin.engine.wasmtime.WasmtimeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What one more app or instance costs this process. To be run with a heap of fixed size whose pages
 * are all there from the start: what is used of it is counted instead.
 */
final class MemorySeries {
  /** The default is a minute: what happens then is the same. */
  private static final Duration IDLE_AFTER = Duration.ofSeconds(2);

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
      var ended = new CompletableFuture<Outcome>();
      double before = usedKib();
      for (int i = 0; i < count; i++) {
        executions.add(
            module.start(
                EngineBench.grants(List.of("idle", kib, "1000")),
                Limits.defaults(),
                new Stdio(InputStream.nullInputStream(), new Announcement(ready), System.err)));
        var execution = executions.getLast();
        Thread.startVirtualThread(() -> tell(execution, ended));
      }
      while (!ready.await(100, TimeUnit.MILLISECONDS))
        if (ended.isDone())
          throw new IllegalStateException(
              "An instance that was to sleep has ended: " + ended.join());
      System.out.printf("{\"kib\": %.2f}%n", (usedKib() - before) / count);
      executions.forEach(Execution::cancel);
      executions.forEach(Execution::close);
    }
  }

  private static void tell(Execution execution, CompletableFuture<Outcome> ended) {
    try {
      ended.complete(execution.outcome());
    } catch (InterruptedException e) {
      ended.completeExceptionally(e);
    }
  }

  /**
   * Apps that have been made ready and get no request, on the native engine: at once, when it has
   * taken its code back from those that nobody uses, and with their ports open.
   */
  static void apps(Path cache, byte[] wasm, int count) throws IOException, InterruptedException {
    var options = WasmtimeOptions.defaults().withIdleAfter(IDLE_AFTER);
    try (Engine engine = nativeEngine(cache, options);
        HttpApps apps = HttpSeries.newApps()) {
      apps.serve(
          HttpSeries.member("first"), app(engine, wasm, count).guest(), EngineBench.nowhere());
      ready(engine, wasm, count).forEach(App::close); // what is made once, is made now
      Thread.sleep(IDLE_AFTER.multipliedBy(2));
      double before = usedKib();
      List<App> made = ready(engine, wasm, count);
      double ready = usedKib();
      Thread.sleep(IDLE_AFTER.multipliedBy(2));
      double idle = usedKib();
      for (int i = 0; i < count; i++) {
        apps.serve(HttpSeries.member("app-" + i), made.get(i).guest(), EngineBench.nowhere());
      }
      System.out.printf(
          "{\"kib_ready\": %.2f, \"kib\": %.2f, \"kib_with_port\": %.2f}%n",
          (ready - before) / count, (idle - before) / count, (usedKib() - before) / count);
    }
  }

  private static Engine nativeEngine(Path cache, WasmtimeOptions options) {
    try {
      return WasmtimeEngine.open(cache, options);
    } catch (WasmtimeEngine.UnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  private record App(Module module, HttpGuest guest) {
    void close() {
      guest.close();
      module.close();
    }
  }

  private static List<App> ready(Engine engine, byte[] wasm, int count) {
    return IntStream.range(0, count).mapToObj(i -> app(engine, wasm, i)).toList();
  }

  private static App app(Engine engine, byte[] wasm, int number) {
    Module module = EngineBench.loadOptimized(engine, variant(wasm, number));
    return new App(module, HttpSeries.http(module, 1));
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
