package dev.dunlin.engine.wasmtime;

import dev.dunlin.engine.Compilation;
import dev.dunlin.engine.Engine;
import dev.dunlin.engine.EngineInfo;
import dev.dunlin.engine.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native engine: wasmtime in this process, components and all. */
public final class WasmtimeEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(WasmtimeEngine.class);
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(20);
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int LOOKS = 4;
  private static final int STATS_MODULES = 24;

  private final Native library;
  private final Workshop shop;
  private final WasmtimeOptions options;
  private final EngineInfo info;
  private final Thread keeper;
  private volatile boolean closed;

  private WasmtimeEngine(Native library, Workshop shop, WasmtimeOptions options, EngineInfo info) {
    this.library = library;
    this.shop = shop;
    this.options = options;
    this.info = info;
    this.keeper = Thread.ofVirtual().name("wasm-keeper").start(this::keep);
  }

  /** There is no native engine here; the message says why. */
  public static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Opens an engine with the default options.
   *
   * @param cacheDir where compiled code is kept between runs of the program; nobody else may be
   *     able to write there, since its content is run
   */
  public static Engine open(Path cacheDir) throws UnavailableException {
    return open(cacheDir, WasmtimeOptions.defaults());
  }

  /** Opens an engine. */
  public static Engine open(Path cacheDir, WasmtimeOptions options) throws UnavailableException {
    try {
      var files = NativeLibrary.find(cacheDir.resolve("native"));
      return open(cacheDir, options, files, Border.open(files.library()));
    } catch (NativeLibrary.UnavailableException | IOException | IllegalArgumentException e) {
      throw new UnavailableException(e);
    }
  }

  private static Engine open(
      Path cacheDir, WasmtimeOptions options, NativeLibrary files, Border border)
      throws IOException {
    var buffers = new Buffers();
    long engine = newEngine(border, buffers, options);
    boolean opened = false;
    try {
      var compiler =
          new Compiler(
              files.compiler(),
              files.library(),
              options.compileMemoryBytes(),
              options.longestCompile());
      var store =
          CodeStore.open(
              cacheDir.resolve("code"),
              List.of(
                  codeId(border, buffers, engine, Dunlin.OPTIMIZED),
                  codeId(border, buffers, engine, Dunlin.BASELINE)),
              options.codeBytes());
      var queue =
          new CompileQueue(
              order -> compiler.compile(order.digest(), order.wasm(), order.code(), order.how()),
              Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
              options.optimizingAtOnce());
      var info = info(border, buffers, engine);
      var library = new Native(border, engine, buffers, new Events(border, engine));
      opened = true;
      return new WasmtimeEngine(
          library, new Workshop(library, options, store, queue), options, info);
    } finally {
      if (!opened) {
        border.engineFree(engine);
      }
    }
  }

  private static long newEngine(Border border, Buffers buffers, WasmtimeOptions options) {
    var buffer = buffers.take();
    try {
      var config =
          new Blob(buffer.data)
              .u64(options.guestMemoryBytes())
              .u32(options.maxInstances())
              .u32(options.workers());
      long engine =
          border.engineNew(config.segment(), buffer.message(), Buffers.Buffer.MESSAGE_BYTES);
      if (engine <= 0) {
        throw new IllegalArgumentException(
            "the engine cannot start: " + engine + " " + buffer.messageText());
      }
      return engine;
    } finally {
      buffers.give(buffer);
    }
  }

  private static String codeId(Border border, Buffers buffers, long engine, int how) {
    var buffer = buffers.take();
    try {
      long length = border.engineCodeId(engine, how, buffer.data, Buffers.Buffer.DATA_BYTES);
      return text(buffer, length);
    } finally {
      buffers.give(buffer);
    }
  }

  private static EngineInfo info(Border border, Buffers buffers, long engine) {
    var buffer = buffers.take();
    try {
      long length = border.engineInfo(engine, buffer.data, Buffers.Buffer.DATA_BYTES);
      var lines = text(buffer, length).lines().toList();
      return new EngineInfo("native", lines.getFirst(), lines.subList(1, lines.size()));
    } finally {
      buffers.give(buffer);
    }
  }

  private static String text(Buffers.Buffer buffer, long length) {
    if (length <= 0) {
      throw new IllegalArgumentException(
          "expected what the library says of itself, found " + length);
    }
    return new String(
        buffer.data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  @Override
  public EngineInfo info() {
    return info;
  }

  @Override
  public Module load(byte[] wasm) {
    try {
      return load(Workshop.digest(wasm), () -> wasm);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory are always there", e);
    }
  }

  @Override
  public Module load(Path wasm, String digest) throws IOException {
    return load(hex(digest), () -> Files.readAllBytes(wasm));
  }

  private Module load(String digest, Workshop.Source wasm) throws IOException {
    shop.requireOpen();
    try {
      return new WasmtimeModule(shop, shop.lend(digest, wasm));
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  @Override
  public Optional<Module> recall(String digest) {
    shop.requireOpen();
    try {
      return shop.lendMade(hex(digest)).map(code -> new WasmtimeModule(shop, code));
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  private static String hex(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          "expected sha256: and 64 hexadecimal digits, found " + digest);
    }
    return digest.substring(digest.indexOf(':') + 1);
  }

  private static CancellationException cancelled(InterruptedException e) {
    Thread.currentThread().interrupt();
    var cancelled = new CancellationException("loading the module was interrupted");
    cancelled.initCause(e);
    return cancelled;
  }

  @Override
  public List<Compilation> compilations() {
    return shop.queue().compilations();
  }

  /** How many modules have their code in memory. */
  long modulesMapped() {
    var buffer = library.buffers().take();
    try {
      library.border().engineStats(library.engine(), buffer.out);
      return buffer.out.get(Blob.U64, STATS_MODULES);
    } finally {
      library.buffers().give(buffer);
    }
  }

  private void keep() {
    var look = options.idleAfter().dividedBy(LOOKS);
    try {
      while (!closed) {
        Thread.sleep(look.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : look);
        shop.unloadIdle();
      }
    } catch (InterruptedException e) {
      log.trace("the engine is closed", e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    shop.close();
    keeper.interrupt();
    var underWay = List.copyOf(library.events().listeners());
    underWay.forEach(Events.Listener::cancel);
    underWay.forEach(Events.Listener::awaitEnded);
    library.border().engineFree(library.engine());
    awaitEvents();
  }

  private void awaitEvents() {
    try {
      library.events().awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
