package dev.dunlin.e2e.bench.engine;

import dev.dunlin.agent.http.CarrierThreads;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import dev.dunlin.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One series of measurements on one of our engines: {@code WHAT ENGINE CACHE MODULE ...}. Prints
 * what it found as a line of JSON; {@code run} prints what the guest prints.
 */
public final class EngineBench {
  private static final Limits LIMITS = Limits.defaults().withMemoryBytes(1L << 30);

  private EngineBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    CarrierThreads.prepare();
    String what = arguments[0];
    byte[] wasm = Files.readAllBytes(Path.of(arguments[3]));
    List<String> rest = Arrays.asList(arguments).subList(4, arguments.length);
    if (what.equals("apps")) {
      MemorySeries.apps(Path.of(arguments[2]), wasm, Integer.parseInt(rest.get(0)));
      return;
    }
    try (Engine engine = open(arguments[1], Path.of(arguments[2]))) {
      switch (what) {
        case "run" -> run(engine, wasm, rest);
        case "load" -> load(engine, wasm, Path.of(arguments[3]), Integer.parseInt(rest.get(0)));
        case "command" -> commands(engine, wasm, Integer.parseInt(rest.get(0)));
        case "answer" ->
            HttpSeries.answer(
                engine, wasm, Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
        case "serve" -> HttpSeries.serve(engine, wasm, Integer.parseInt(rest.get(0)));
        case "idle" -> MemorySeries.idle(engine, wasm, Integer.parseInt(rest.get(0)), rest.get(1));
        default -> throw new IllegalArgumentException("no such series: " + what);
      }
    }
  }

  static void print(String name, List<Long> nanos) {
    System.out.println("{\"" + name + "\": " + nanos + "}");
  }

  static Grants grants(List<String> arguments) {
    return new Grants(arguments, Map.of(), List.of());
  }

  /** Compiled as well as the engine can. */
  static Module loadOptimized(Engine engine, byte[] wasm) {
    Module module = engine.load(wasm);
    while (!module.optimized()) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    return module;
  }

  private static Engine open(String name, Path cache) throws IOException {
    Files.createDirectories(cache);
    return Engines.open(cache, Engines.Choice.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  private static void run(Engine engine, byte[] wasm, List<String> arguments)
      throws InterruptedException {
    var command = new ArrayList<>(List.of("guest"));
    command.addAll(arguments);
    try (Module module = loadOptimized(engine, wasm)) {
      require(
          module.run(
              grants(command),
              LIMITS,
              new Stdio(InputStream.nullInputStream(), System.out, System.err)));
    }
  }

  /** The first load may compile; the others find its code. */
  private static void load(Engine engine, byte[] wasm, Path file, int times) throws IOException {
    var nanos = new ArrayList<Long>();
    long start = System.nanoTime();
    long optimized;
    try (Module module = engine.load(wasm)) {
      nanos.add(System.nanoTime() - start);
      while (!module.optimized()) {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      optimized = System.nanoTime() - start;
    }
    var byDigest = new ArrayList<Long>();
    String digest = Digest.of(wasm).toString();
    for (int i = 0; i < times; i++) {
      start = System.nanoTime();
      Module module = engine.load(wasm);
      nanos.add(System.nanoTime() - start);
      module.close();
      start = System.nanoTime();
      module = engine.load(file, digest);
      byDigest.add(System.nanoTime() - start);
      module.close();
    }
    System.out.printf(
        "{\"first_ns\": %d, \"optimized_ns\": %d, \"cached_ns\": %s, \"by_digest_ns\": %s}%n",
        nanos.getFirst(), optimized, nanos.subList(1, nanos.size()), byDigest);
  }

  private static void commands(Engine engine, byte[] wasm, int times) throws InterruptedException {
    var nanos = new ArrayList<Long>();
    try (Module module = loadOptimized(engine, wasm)) {
      for (int i = 0; i < times; i++) {
        long start = System.nanoTime();
        require(module.run(grants(List.of("nothing")), LIMITS, Stdio.none()));
        nanos.add(System.nanoTime() - start);
      }
    }
    print("ns", nanos);
  }

  static void require(Outcome outcome) {
    if (!outcome.equals(new Outcome.Exited(0))) {
      throw new IllegalStateException("expected the guest to end well, found " + outcome);
    }
  }

  static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
  }
}
