package dev.dunlin.engine;

import dev.dunlin.engine.jvm.JvmEngine;
import dev.dunlin.engine.wasmtime.WasmtimeEngine;
import dev.dunlin.engine.wasmtime.WasmtimeOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the engine that is wanted, or the best that this machine can have. */
public final class Engines {
  private static final Logger log = LoggerFactory.getLogger(Engines.class);

  /** Whoever has a module open says when its code is to go from memory, by closing it. */
  private static final Duration NEVER = Duration.ofDays(10_000);

  private Engines() {}

  /** Which engine is wanted. */
  public enum Choice {
    /** The native one where it is to be had, else the one in Java. */
    AUTO,
    /** wasmtime in this process: fast, with components. */
    NATIVE,
    /** Java alone: core modules, on every platform. */
    JVM
  }

  /**
   * Opens an engine; the guests of a native one have no limit of memory together.
   *
   * @param cacheDir where compiled code is kept between runs of the program; nobody else may be
   *     able to write there, since its content is run
   * @throws IllegalStateException when {@code NATIVE} is wanted and not to be had; the message says
   *     why
   */
  public static Engine open(Path cacheDir, Choice choice) {
    return open(cacheDir, choice, 0);
  }

  /**
   * The same.
   *
   * @param nativeGuestBytes what all guests of a native engine may have together, 0: no limit;
   *     those of the jvm engine have three quarters of the heap
   */
  public static Engine open(Path cacheDir, Choice choice, long nativeGuestBytes) {
    var options =
        WasmtimeOptions.defaults().withGuestMemoryBytes(nativeGuestBytes).withIdleAfter(NEVER);
    return switch (choice) {
      case JVM -> JvmEngine.open(cacheDir);
      case NATIVE -> nativeEngine(cacheDir, options);
      case AUTO -> bestEngine(cacheDir, options);
    };
  }

  private static Engine nativeEngine(Path cacheDir, WasmtimeOptions options) {
    try {
      return WasmtimeEngine.open(cacheDir, options);
    } catch (WasmtimeEngine.UnavailableException e) {
      throw new IllegalStateException("the native engine cannot be had: " + e.getMessage(), e);
    }
  }

  private static Engine bestEngine(Path cacheDir, WasmtimeOptions options) {
    try {
      return WasmtimeEngine.open(cacheDir, options);
    } catch (WasmtimeEngine.UnavailableException e) {
      log.info("modules run on the jvm engine; no native one: {}", e.getMessage());
      return JvmEngine.open(cacheDir);
    }
  }
}
