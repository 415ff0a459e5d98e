package dev.dunlin.e2e.bench.engine;

import dev.dunlin.engine.Engine;
import dev.dunlin.engine.Engines;
import dev.dunlin.engine.Grants;
import dev.dunlin.engine.HttpGuest;
import dev.dunlin.engine.HttpRequest;
import dev.dunlin.engine.HttpResponse;
import dev.dunlin.engine.HttpSettings;
import dev.dunlin.engine.Limits;
import dev.dunlin.engine.Module;
import dev.dunlin.engine.ModuleKind;
import dev.dunlin.engine.ModuleRefusedException;
import dev.dunlin.engine.Outcome;
import dev.dunlin.engine.Stdio;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Mixed load on the native engine for a long time: requests that go well and requests that trap,
 * commands, hostile guests, modules that come and go. Writes a line of CSV every few seconds: what
 * the process holds, and what has been done; see docs/bench-engine.md.
 *
 * <p>{@code MINUTES CSV CACHE GOOD HOSTILE}: GOOD and HOSTILE are folders of modules.
 */
public final class Soak {
  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(15);
  private static final Limits GOOD = Limits.defaults().withDeadline(Duration.ofSeconds(30));
  private static final Limits HOSTILE =
      Limits.defaults().withMemoryBytes(16 << 20).withDeadline(Duration.ofMillis(200));

  private final Engine engine;
  private final List<byte[]> hostile;
  private final List<Module> commands = new ArrayList<>();
  private final List<HttpGuest> guests = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong trapped = new AtomicLong();
  private final AtomicLong ran = new AtomicLong();
  private final AtomicLong attacks = new AtomicLong();
  private final AtomicLong loaded = new AtomicLong();
  private final AtomicLong serial = new AtomicLong();
  private volatile boolean over;

  private Soak(Engine engine, List<byte[]> good, List<byte[]> hostile) {
    this.engine = engine;
    this.hostile = hostile;
    for (byte[] wasm : good) {
      Module module = EngineBench.loadOptimized(engine, wasm);
      if (module.kind() == ModuleKind.HTTP_COMPONENT) {
        guests.add(http(module, 1));
        guests.add(http(module, 50));
      } else {
        commands.add(module);
      }
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var minutes = Duration.ofMinutes(Long.parseLong(arguments[0]));
    try (Engine engine = Engines.open(Path.of(arguments[2]), Engines.Choice.NATIVE)) {
      new Soak(engine, modules(arguments[3]), modules(arguments[4]))
          .run(minutes, Path.of(arguments[1]));
    }
  }

  private void run(Duration time, Path csv) throws IOException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    var threads =
        List.of(
            start(this::request),
            start(this::request),
            start(this::command),
            start(this::attack),
            start(this::loadAndUnload));
    try (var out = Files.newBufferedWriter(csv)) {
      var begun = System.nanoTime();
      out.write("seconds," + ProcessSample.HEADER + ",requests,traps,commands,attacks,loads\n");
      while (System.nanoTime() < end) {
        Thread.sleep(BETWEEN_SAMPLES);
        out.write(
            "%d,%s,%d,%d,%d,%d,%d%n"
                .formatted(
                    (System.nanoTime() - begun) / 1_000_000_000,
                    ProcessSample.now(),
                    answered.get(),
                    trapped.get(),
                    ran.get(),
                    attacks.get(),
                    loaded.get()));
        out.flush();
      }
    }
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** One kind of load; what fails in it ends the process, so that it cannot go unseen. */
  private interface Load {
    void once(Random random) throws InterruptedException;
  }

  private Thread start(Load load) {
    var random = new Random(serial.incrementAndGet());
    return Thread.ofPlatform()
        .uncaughtExceptionHandler((thread, fault) -> {
          fault.printStackTrace();
          Runtime.getRuntime().halt(1);
        })
        .start(() -> {
          try {
            while (!over) {
              load.once(random);
            }
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void request(Random random) throws InterruptedException {
    var guest = guests.get(random.nextInt(guests.size()));
    var path =
        List.of("/hello", "/hello", "/header", "/big", "/echo", "/log", "/trap", "/none")
            .get(random.nextInt(8));
    var response = new Swallow();
    var outcome = guest.answer(request(path, random), response);
    if (path.equals("/trap")) {
      trapped.incrementAndGet();
    } else if (!outcome.equals(new Outcome.Exited(0)) || response.status / 100 == 5) {
      throw new IllegalStateException(path + ": " + response.status + " " + outcome);
    }
    answered.incrementAndGet();
  }

  private void command(Random random) throws InterruptedException {
    var command = commands.get(random.nextInt(commands.size()));
    var grants = new Grants(List.of("guest", "0"), Map.of("GREETING", "hello"), List.of());
    if (!(command.run(grants, GOOD, stdio()) instanceof Outcome.Exited)) {
      throw new IllegalStateException("a command did not exit");
    }
    ran.incrementAndGet();
  }

  private void attack(Random random) throws InterruptedException {
    try (Module module = engine.load(hostile.get(random.nextInt(hostile.size())))) {
      module.run(Grants.none(), HOSTILE, stdio());
    } catch (ModuleRefusedException e) {
      // So it should be, for some of them; the contract tests say for which.
      trapped.incrementAndGet();
    }
    attacks.incrementAndGet();
  }

  /** A module that nobody has seen before: compiled, run, forgotten. */
  private void loadAndUnload(Random random) throws InterruptedException {
    var wasm = withOwnSection(hostile.get(0), serial.incrementAndGet());
    try (Module module = engine.load(wasm)) {
      module.run(Grants.none(), HOSTILE, stdio());
    } catch (ModuleRefusedException e) {
      trapped.incrementAndGet();
    }
    loaded.incrementAndGet();
    Thread.sleep(1_000);
  }

  /** The same module with another digest (a custom section more). */
  private static byte[] withOwnSection(byte[] wasm, long number) {
    var name = "soak".getBytes(StandardCharsets.UTF_8);
    var section =
        ByteBuffer.allocate(3 + name.length + Long.BYTES)
            .put((byte) 0)
            .put((byte) (1 + name.length + Long.BYTES))
            .put((byte) name.length)
            .put(name)
            .putLong(number)
            .array();
    var all = Arrays.copyOf(wasm, wasm.length + section.length);
    System.arraycopy(section, 0, all, wasm.length, section.length);
    return all;
  }

  private static HttpGuest http(Module module, int requestsPerInstance) {
    var settings =
        new HttpSettings(EngineBench.nowhere(), EngineBench.nowhere(), requestsPerInstance);
    return module.http(Grants.none(), GOOD, settings);
  }

  private static HttpRequest request(String path, Random random) {
    byte[] body = path.equals("/echo") ? new byte[random.nextInt(200_000)] : new byte[0];
    return new HttpRequest(
        body.length > 0 ? "POST" : "GET",
        "http",
        "localhost",
        path,
        "",
        List.of(),
        new ByteArrayInputStream(body),
        "127.0.0.1");
  }

  private static Stdio stdio() {
    return new Stdio(InputStream.nullInputStream(), EngineBench.nowhere(), EngineBench.nowhere());
  }

  private static List<byte[]> modules(String folder) throws IOException {
    var modules = new ArrayList<byte[]>();
    try (var files = Files.list(Path.of(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".wasm")).sorted().toList()) {
        modules.add(Files.readAllBytes(file));
      }
    }
    return modules;
  }

  private static final class Swallow implements HttpResponse {
    private int status;

    @Override
    public OutputStream begin(int status, List<dev.dunlin.engine.HttpHeader> headers) {
      this.status = status;
      return EngineBench.nowhere();
    }
  }
}
